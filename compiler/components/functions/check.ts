/** What is wrong with functions that the schema can't say: keys that do not go together, and what is not where they are. */
import { type Architecture, namesOf } from "../../architecture.ts";
import { type Report, reportOnce } from "../../diagnostics.ts";
import { isOwnImage } from "../registry/names.ts";
import { type Checked, inEachPlacement, reportUnfit, type Unfit } from "../workload/check.ts";
import { checkSchedule } from "../workload/schedule.ts";
import { type FunctionSettings, functionsPath, isStaged, queueOf } from "./settings.ts";

/** A function in a placement, and how to say what is wrong with it. */
type CheckedFunction = Checked<FunctionSettings>;

export function checkFunctions(architecture: Architecture, report: Report): void {
  const once = reportOnce(report);
  for (const fn of namesOf(architecture, functionsPath)) {
    const all = inEachPlacement<FunctionSettings>(architecture, [...functionsPath, fn], once);
    for (const checked of all) {
      checkProgram(checked);
      checkSchedule(checked);
      checkEvents(checked);
      checkDeploy(checked);
    }
    reportUnfit(all, unfitOf, once);
  }
}

function checkProgram(checked: CheckedFunction): void {
  const { name, settings, isLeftOut, complain } = checked;
  const { code, image, version } = settings;
  // Where a part is wrong and left out, it is not known what it runs.
  if (["code", "image", "version"].some((key) => isLeftOut(key))) return;
  if (code === undefined && image === undefined) {
    complain(
      "missing-key",
      [],
      `\`${name}\` has nothing to run`,
      "say its `code`, or an `image` and its `version`",
    );
  } else if (code !== undefined && image !== undefined) {
    complain("unfit-key", ["image"], `\`${name}\` has \`code\` and an \`image\``, "keep one of the two");
  } else if (image !== undefined) {
    if (version === undefined)
      complain(
        "missing-key",
        ["image"],
        `the image of \`${name}\` has no \`version\``,
        "say its tag or its digest",
      );
    checkImage(checked, image);
  }
}

/** https://docs.aws.amazon.com/lambda/latest/dg/images-create.html#images-permissions */
function checkImage({ name, architecture, placement, complain }: CheckedFunction, image: string): void {
  if (!isOwnImage(image)) {
    complain(
      "bad-value",
      ["image"],
      `\`${name}\` has an image of another registry, and Lambda takes none`,
      "push it to a repository of this architecture, and name that without a host, such as `acme/render`",
    );
  } else if (placement.region !== architecture.home) {
    complain(
      "unusable",
      ["image"],
      `\`${name}\` is an image in ${placement.region}, and repositories are in ${architecture.home}: Lambda takes an image from its own Region`,
      "let it have `code`, or keep it out of that environment",
    );
  }
}

function checkEvents({ name, settings, architecture, placement, complain }: CheckedFunction): void {
  const { failure } = settings.on;
  const others = architecture.demands.filter(
    (demand) =>
      demand.placement === placement &&
      demand.listens?.some(({ to, of }) => to === "failures" && of === failure) &&
      demand.path.at(-1) !== name,
  );
  if (failure !== undefined && others.length > 0) {
    complain(
      "bad-value",
      ["on", "failure"],
      `\`${others[0]?.path.at(-1)}\` is told of the failures of \`${failure}\` too, and Lambda tells one`,
      "let one of them be told, and let it tell the other",
    );
  }
  const queue = queueOf(settings);
  if (queue?.concurrency !== undefined && (settings.concurrency ?? queue.concurrency) < queue.concurrency) {
    complain(
      "bad-value",
      ["on", "queue", "concurrency"],
      `\`${name}\` is to run ${queue.concurrency} times at once for its queue, and ${settings.concurrency} times at all`,
      "let the function have at least as many as the queue",
    );
  }
}

/** https://docs.aws.amazon.com/codedeploy/latest/userguide/limits.html */
const LONGEST_MINUTES = 2880;

function checkDeploy({ name, settings, complain }: CheckedFunction): void {
  const { strategy, "step-percent": percent, "step-minutes": minutes } = settings.deploy;
  if (!isStaged(settings)) return;
  const steps = strategy === "canary" ? 1 : Math.ceil(100 / percent) - 1;
  if (steps * minutes <= LONGEST_MINUTES) return;
  complain(
    "bad-value",
    ["deploy", "step-minutes"],
    `a deployment of \`${name}\` would take ${steps * minutes} minutes, and CodeDeploy gives it ${LONGEST_MINUTES}`,
    "take fewer or shorter steps",
  );
}

function unfitOf(checked: CheckedFunction): Unfit[] {
  return [...unfitForProgram(checked), ...unfitWithoutBucket(checked), ...unfitForStrategy(checked)];
}

function unfitForProgram({ name, settings: { code, image } }: CheckedFunction): Unfit[] {
  if ((code === undefined) === (image === undefined)) return [];
  const [keys, other, own] =
    code === undefined
      ? [["handler", "runtime"], "code", "image"]
      : [["version", "command"], "image", "code"];
  return keys.map((key) => ({
    setting: [key],
    message: () => `\`${key}\` goes with \`${other}\`, and \`${name}\` has \`${own}\``,
    help: `take \`${key}\` out`,
  }));
}

function unfitWithoutBucket({ name, settings, isLeftOut }: CheckedFunction): Unfit[] {
  if (settings.on.bucket !== undefined || isLeftOut("on", "bucket")) return [];
  return ["events", "prefix", "suffix"].map((key) => ({
    setting: ["on", key],
    message: () => `\`${key}\` goes with \`bucket\`, and \`${name}\` has none in \`on\``,
    help: `name the bucket, or take \`${key}\` out`,
  }));
}

function unfitForStrategy({ name, settings, isLeftOut }: CheckedFunction): Unfit[] {
  if (isStaged(settings) || isLeftOut("deploy", "strategy")) return [];
  return ["step-percent", "step-minutes"].map((key) => ({
    setting: ["deploy", key],
    message: () => `\`${key}\` is for \`canary\` and \`linear\`, and \`${name}\` changes all at once`,
    help: "take it out, or choose another strategy",
  }));
}
