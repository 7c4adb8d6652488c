/** The pipeline of the infrastructure itself, as CircleCI reads it: https://circleci.com/docs/reference/configuration-reference/ */
import type { Architecture, Placement } from "../../architecture.ts";
import { roleArn } from "../../bootstrap/names.ts";
import type { PlainObject } from "../../cfn/values.ts";
import type { Document } from "../../component.ts";
import { type CircleCi, jobRoles } from "./settings.ts";
import { LANDFORM, listOf, roleEnvironment, run, signIn } from "./steps.ts";

/** Where CircleCI looks for it, from the repository's root. */
export const PIPELINE_FILE = ".circleci/config.yml";

/** Where it is checked out. */
const ROOT = "~/project";

/** How long tests may say nothing. */
const SILENCE = "30m";

const PLAN = "/tmp/plan";

export function pipeline(architecture: Architecture, circleCi: CircleCi, specFile: string): Document {
  return {
    file: [...(circleCi.directory?.split("/").map(() => "..") ?? []), PIPELINE_FILE].join("/"),
    isOutside: true,
    content: {
      version: 2.1,
      commands: { prepare: prepare(circleCi) },
      jobs: jobsOf(architecture, circleCi, `specs/${specFile}`),
      workflows: { [architecture.name]: { jobs: workflow(architecture, circleCi) } },
    },
  };
}

/**
 * What is cached are downloads, which npm holds against the digests in the lock file: so no branch can leave anything in
 * the cache that another one would run.
 */
const prepare = ({ directory, prepare: commands }: CircleCi): PlainObject => ({
  description: "The commit with its packages",
  steps: [
    directory === undefined ? "checkout" : { checkout: { path: ROOT } },
    { restore_cache: { keys: [CACHE] } },
    run("Install", "npm ci"),
    { save_cache: { key: CACHE, paths: ["~/.npm"] } },
    ...listOf(commands).map((command) => run(command, command)),
  ],
});

const CACHE = 'npm-{{ checksum "package-lock.json" }}';

function jobsOf({ name, administration }: Architecture, circleCi: CircleCi, spec: string): PlainObject {
  const [image = ""] = listOf(circleCi.image);
  const roles = jobRoles(name);
  const arn = (role: string) => roleArn(administration.id, role);
  const on = (executor: PlainObject) => ({
    ...executor,
    resource_class: "medium",
    ...(circleCi.directory !== undefined && { working_directory: `${ROOT}/${circleCi.directory}` }),
  });
  const common = (of: string) => on({ docker: [{ image: of }] });
  const tests = listOf(circleCi.tests).map((command) =>
    run(command, command, { no_output_timeout: SILENCE }),
  );
  const { machine } = circleCi;
  return {
    check: {
      parameters: { image: { type: "string", default: image } },
      ...common("<< parameters.image >>"),
      steps: [
        "prepare",
        run("Check", `${LANDFORM} check`),
        run("Lint", `${LANDFORM} lint`),
        ...(machine === undefined ? tests : []),
      ],
    },
    ...(machine !== undefined && {
      test: { ...on({ machine: { image: machine } }), steps: ["prepare", ...tests] },
    }),
    plan: {
      ...common(image),
      environment: roleEnvironment(arn(roles.plan)),
      steps: [
        "prepare",
        signIn,
        run("Plan", planning(spec)),
        { store_artifacts: { path: PLAN, destination: "plan" } },
      ],
    },
    deploy: {
      parameters: { environment: { type: "string" }, sites: { type: "string", default: "" } },
      ...common(image),
      environment: roleEnvironment(arn(roles.deploy)),
      steps: [
        "prepare",
        signIn,
        run("Deploy", `${LANDFORM} deploy ${spec} -e << parameters.environment >>`),
        { when: { condition: "<< parameters.sites >>", steps: [run("Publish", publishing(spec))] } },
      ],
    },
  };
}

/** That there is something to do is no failure here: people read the plan. */
const planning = (spec: string): string[] => [
  `mkdir -p ${PLAN}`,
  "status=0",
  `${LANDFORM} plan ${spec} --save ${PLAN}/plan.json | tee ${PLAN}/plan.txt || status=$?`,
  "# 4: something would change; 5: and data is at risk",
  "case $status in 0 | 4 | 5) ;; *) exit $status ;; esac",
];

const publishing = (spec: string): string[] => [
  "for site in << parameters.sites >>; do",
  `  ${LANDFORM} publish "$site" --in << parameters.environment >> --spec ${spec}`,
  "done",
];

/**
 * Checks and plans each branch, and deploys one: an environment after the other, each one pipeline at a time. A group of
 * serial jobs has one job of a workflow, so each environment has its own.
 */
function workflow({ name, placements, demands }: Architecture, circleCi: CircleCi): (string | PlainObject)[] {
  const images = listOf(circleCi.image);
  const filters = { branches: { only: circleCi.branch } };
  const check = images.length > 1 ? { check: { matrix: { parameters: { image: images } } } } : "check";
  const others = [...(circleCi.machine === undefined ? [] : ["test"]), "plan"];
  const jobs: (string | PlainObject)[] = [check, ...others];
  let before = ["check", ...others];
  for (const environment of inOrder(placements, circleCi.order)) {
    if (circleCi.approve.includes(environment)) {
      const approval = `approve-${environment}`;
      jobs.push({ [approval]: { type: "approval", requires: before, filters } });
      before = [approval];
    }
    const own = demands.filter(
      (demand) => demand.isPublished && demand.placement.environment === environment,
    );
    const sites = [...new Set(own.map(({ path }) => String(path.at(-1))))].join(" ");
    const job = `deploy-${environment}`;
    const more = { requires: before, filters, "serial-group": `${name}/${environment}` };
    jobs.push({ deploy: { name: job, environment, ...(sites && { sites }), ...more } });
    before = [job];
  }
  return jobs;
}

/** The environments as they are deployed: those that nobody put in order come first. */
function inOrder(placements: readonly Placement[], order: readonly string[]): string[] {
  const all = [...new Set(placements.map(({ environment }) => environment))];
  return [...all.filter((name) => !order.includes(name)), ...order.filter((name) => all.includes(name))];
}
