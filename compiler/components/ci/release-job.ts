/** The job that releases an image: a commit in the infrastructure's repository, by `landform release`. */
import type { PlainObject } from "../../cfn/values.ts";
import { VERSION } from "./image-job.ts";
import type { CircleCi } from "./settings.ts";
import { LANDFORM, listOf, run } from "./steps.ts";

/**
 * A Git host takes no OIDC token, so the job has a deploy key, which is for this one repository: the only thing that is
 * stored anywhere.
 */
export function releaseJob(circleCi: CircleCi, service: PlainObject, spec: string): PlainObject {
  const { repository, branch } = circleCi;
  const [image = ""] = listOf(circleCi.image);
  return {
    description: "Commits another version of a service to the infrastructure's repository",
    parameters: {
      service,
      version: VERSION,
      environments: {
        description: "The environments (dev,stage); where empty, all that say no version of their own",
        type: "string",
        default: "",
      },
      fingerprint: {
        description: "The fingerprint of the deploy key, which may write, among the project's SSH keys",
        type: "string",
      },
      repository: {
        description: "The infrastructure's repository",
        type: "string",
        ...(repository !== undefined && { default: sshAddress(repository) }),
      },
      direct: {
        description: `Whether it goes to ${branch} at once and is deployed; else to release/<service>, which somebody merges`,
        type: "boolean",
        default: false,
      },
    },
    docker: [{ image }],
    environment: { SERVICE: "<< parameters.service >>", ENVIRONMENTS: "<< parameters.environments >>" },
    steps: [
      "checkout",
      { add_ssh_keys: { fingerprints: ["<< parameters.fingerprint >>"] } },
      run("Release", releasing(circleCi, spec)),
    ],
  };
}

/** The branch of a release holds it alone and is made anew each time. */
const releasing = ({ branch, directory = ".", prepare }: CircleCi, spec: string): string[] => [
  'version="<< parameters.version >>"',
  "# Only the key that was added: the one of the checkout would be let in, and find no such repository.",
  "key=$(find ~/.ssh -name 'id_rsa_*' | head -1)",
  'export GIT_SSH_COMMAND="ssh -F /dev/null -o IdentitiesOnly=yes -i $key"',
  `git clone --depth 1 --branch ${branch} << parameters.repository >> /tmp/infrastructure`,
  `cd /tmp/infrastructure/${directory}`,
  "npm ci",
  ...listOf(prepare),
  `${LANDFORM} release "$SERVICE" "$version" --spec ${spec} $\{ENVIRONMENTS:+--in "$ENVIRONMENTS"}`,
  "git add --all",
  "if git diff --cached --quiet; then exit 0; fi",
  'git -c user.name=CircleCI -c user.email=ci@localhost commit --message "Release $SERVICE $version"',
  "if << parameters.direct >>; then",
  `  git push origin HEAD:refs/heads/${branch}`,
  "else",
  '  git push --force origin "HEAD:refs/heads/release/$SERVICE"',
  "fi",
];

/** `github.com/acme/web` → `git@github.com:acme/web.git`. */
const sshAddress = (repository: string): string => `git@${repository.replace("/", ":")}.git`;
