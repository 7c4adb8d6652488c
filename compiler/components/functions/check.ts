/** What is wrong with functions that the schema can't say: keys that do not go together, and what is not where they are. */
import {
  type Architecture,
  namesOf,
  originOf,
  type Placement,
  placementsWith,
  placeOfSetting,
  settingsIn,
} from "../../architecture.ts";
import { type Code, type Report, reportOnce } from "../../diagnostics.ts";
import type { SpecPath } from "../../path.ts";
import { isOwnImage } from "../registry/names.ts";
import { type FunctionSettings, functionsPath, isStaged, queueOf } from "./settings.ts";

/** A function in a placement, and how to say what is wrong with it. */
interface Checked {
  readonly fn: string;
  readonly settings: FunctionSettings;
  readonly architecture: Architecture;
  readonly placement: Placement;
  isSet(...setting: SpecPath): boolean;
  complain(code: Code, setting: SpecPath, message: string, help: string): void;
}

export function checkFunctions(architecture: Architecture, report: Report): void {
  const { spec } = architecture;
  const once = reportOnce(report);
  for (const fn of namesOf(architecture, functionsPath)) {
    const path = [...functionsPath, fn];
    for (const placement of placementsWith(architecture, path)) {
      const { environment } = placement;
      const checked: Checked = {
        fn,
        settings: settingsIn(spec, path, environment) as unknown as FunctionSettings,
        architecture,
        placement,
        isSet: (...setting) => originOf(spec, path, environment, setting).by !== "schema",
        complain: (code, setting, message, help) =>
          once({ code, message, help, at: placeOfSetting(spec, path, environment, setting) }),
      };
      if (checkProgram(checked)) checkImage(checked);
      checkEvents(checked);
      checkDeploy(checked);
    }
  }
}

const OF_CODE = ["handler", "runtime"];
const OF_IMAGES = ["version", "command"];

/** @returns whether it is known what it runs */
function checkProgram({ fn, settings, isSet, complain }: Checked): boolean {
  const { code, image, version } = settings;
  if (code === undefined && image === undefined) {
    complain(
      "missing-key",
      [],
      `\`${fn}\` has nothing to run`,
      "say its `code`, or an `image` and its `version`",
    );
    return false;
  }
  if (code !== undefined && image !== undefined) {
    complain("unfit-key", ["image"], `\`${fn}\` has \`code\` and an \`image\``, "keep one of the two");
    return false;
  }
  const unfit = (code === undefined ? OF_CODE : OF_IMAGES).filter((key) => isSet(key));
  for (const key of unfit) {
    const other = code === undefined ? "code" : "image";
    const own = code === undefined ? "image" : "code";
    complain(
      "unfit-key",
      [key],
      `\`${key}\` goes with \`${other}\`, and \`${fn}\` has \`${own}\``,
      `take \`${key}\` out`,
    );
  }
  if (image !== undefined && version === undefined)
    complain(
      "missing-key",
      ["image"],
      `the image of \`${fn}\` has no \`version\``,
      "say its tag or its digest",
    );
  return true;
}

/** https://docs.aws.amazon.com/lambda/latest/dg/images-create.html#images-permissions */
function checkImage({ fn, settings: { image }, architecture, placement, complain }: Checked): void {
  if (image === undefined) return;
  if (!isOwnImage(image)) {
    complain(
      "bad-value",
      ["image"],
      `\`${fn}\` has an image of another registry, and Lambda takes none`,
      "push it to a repository of this architecture, and name that without a host, such as `acme/render`",
    );
  } else if (placement.region !== architecture.home) {
    complain(
      "unusable",
      ["image"],
      `\`${fn}\` is an image in ${placement.region}, and repositories are in ${architecture.home}: Lambda takes an image from its own Region`,
      "let it have `code`, or keep it out of that environment",
    );
  }
}

function checkEvents(checked: Checked): void {
  const { fn, settings, architecture, placement, isSet, complain } = checked;
  for (const key of ["events", "prefix", "suffix"]) {
    if (settings.on.bucket !== undefined || !isSet("on", key)) continue;
    complain(
      "unfit-key",
      ["on", key],
      `\`${key}\` goes with \`bucket\`, and \`${fn}\` has none in \`on\``,
      `name the bucket, or take \`${key}\` out`,
    );
  }
  const { failure } = settings.on;
  const others = architecture.demands.filter(
    (demand) =>
      demand.placement === placement &&
      demand.listens?.some(({ to, of }) => to === "failures" && of === failure) &&
      demand.path.at(-1) !== fn,
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
      `\`${fn}\` is to run ${queue.concurrency} times at once for its queue, and ${settings.concurrency} times at all`,
      "let the function have at least as many as the queue",
    );
  }
}

/** https://docs.aws.amazon.com/codedeploy/latest/userguide/limits.html */
const LONGEST_MINUTES = 2880;

function checkDeploy({ fn, settings, isSet, complain }: Checked): void {
  const { strategy, "step-percent": percent, "step-minutes": minutes } = settings.deploy;
  if (!isStaged(settings)) {
    for (const key of ["step-percent", "step-minutes"]) {
      if (!isSet("deploy", key)) continue;
      complain(
        "unfit-key",
        ["deploy", key],
        `\`${key}\` is for \`canary\` and \`linear\`, and \`${fn}\` changes all at once`,
        "take it out, or choose another strategy",
      );
    }
    return;
  }
  const steps = strategy === "canary" ? 1 : Math.ceil(100 / percent) - 1;
  if (steps * minutes <= LONGEST_MINUTES) return;
  complain(
    "bad-value",
    ["deploy", "step-minutes"],
    `a deployment of \`${fn}\` would take ${steps * minutes} minutes, and CodeDeploy gives it ${LONGEST_MINUTES}`,
    "take fewer or shorter steps",
  );
}
