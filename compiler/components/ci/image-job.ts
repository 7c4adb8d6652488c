/** The job that builds an image, tests it, has it scanned and gives it its tag in the registry. */
import type { Architecture } from "../../architecture.ts";
import { roleArn } from "../../bootstrap/names.ts";
import type { PlainObject } from "../../cfn/values.ts";
import { repositoryUri } from "../registry/names.ts";
import { imageOf } from "./images.ts";
import { pusherName } from "./settings.ts";
import { roleEnvironment, run, signIn } from "./steps.ts";

/** Of the commit, if the application says none. */
export const VERSION: PlainObject = {
  description:
    "The image's tag, as text that the shell expands; by default the beginning of the commit's hash",
  type: "string",
  default: `\${CIRCLE_SHA1:0:12}`,
};

/**
 * What is tested and scanned is what gets the tag, byte for byte: the image is pushed without one, is then known by its
 * digest, and goes again after a while if it fails.
 */
export function imageJob(
  architecture: Architecture,
  services: readonly string[],
  service: PlainObject,
): PlainObject {
  const { name, administration, home } = architecture;
  const pusher = roleArn(administration.id, pusherName(name, "<< parameters.service >>"));
  const pushed = (...steps: PlainObject[]): PlainObject => ({
    when: { condition: "<< parameters.push >>", steps },
  });
  return {
    description: "Builds an image, tests it and, on the branch that may, has it scanned and pushes it",
    parameters: {
      service,
      version: VERSION,
      build: { description: "What `docker buildx build` is told besides", type: "string", default: "." },
      tests: { description: "Steps that test the image, which is called $IMAGE", type: "steps", default: [] },
      push: {
        description: "Whether it is scanned and pushed; on other branches it can't be",
        type: "boolean",
        default: true,
      },
      severities: {
        description: "Findings of the scan that are too bad",
        type: "string",
        default: "CRITICAL",
      },
      machine: {
        description: "The machine image, with Docker and the AWS CLI",
        type: "string",
        default: "ubuntu-2404:2025.09.1",
      },
      class: {
        description: "The machine; its processor is the image's",
        type: "string",
        default: "arm.medium",
      },
    },
    machine: { image: "<< parameters.machine >>" },
    resource_class: "<< parameters.class >>",
    environment: { ...roleEnvironment(pusher), AWS_REGION: home, AWS_PAGER: "" },
    steps: [
      "checkout",
      run("Settings", settings(architecture, services)),
      run("Builder", "docker buildx create --use"),
      { unless: { condition: "<< parameters.push >>", steps: [run("Build", BUILD)] } },
      pushed(signIn, run("Is it there already?", SKIP), run("Build and push without a tag", PUSH)),
      { steps: "<< parameters.tests >>" },
      pushed(run("Scan", SCAN), run("Give it its tag", TAG)),
    ],
  };
}

/** Where the image goes, and what it will be called. */
const settings = (architecture: Architecture, services: readonly string[]): string[] => [
  "case << parameters.service >> in",
  ...services.map((service) => `  ${service}) repository=${imageOf(architecture, service)} ;;`),
  "esac",
  'echo "export VERSION=<< parameters.version >>" >> "$BASH_ENV"',
  'echo "export REPOSITORY=$repository" >> "$BASH_ENV"',
  `echo "export URI=${repositoryUri(architecture, "")}$repository" >> "$BASH_ENV"`,
  'echo "export IMAGE=$repository:local" >> "$BASH_ENV"',
];

const BUILD = 'docker buildx build --load --tag "$IMAGE" << parameters.build >>';

/** A tag in the registry is never given twice, so a job that is run again has nothing to do. */
const SKIP = [
  'if aws ecr describe-images --repository-name "$REPOSITORY" --image-ids "imageTag=$VERSION" > /dev/null; then',
  '  echo "$REPOSITORY:$VERSION is there already"',
  "  circleci-agent step halt",
  "fi",
];

/** A single image, not an index of images and attestations: it is what the registry scans. */
const PUSH = [
  `aws ecr get-login-password | docker login --username AWS --password-stdin "$\{URI%%/*}"`,
  "docker buildx build --provenance=false --metadata-file /tmp/build.json \\",
  '  --output "type=image,name=$URI,push-by-digest=true,name-canonical=true,push=true" << parameters.build >>',
  `digest=$(jq --raw-output '."containerimage.digest"' /tmp/build.json)`,
  'echo "export DIGEST=$digest" >> "$BASH_ENV"',
  'echo "export IMAGE=$URI@$digest" >> "$BASH_ENV"',
  'docker pull "$URI@$digest"',
];

/** The registry scans what is pushed; where Amazon Inspector does it, the scan is ACTIVE and never COMPLETE. */
const SCAN = [
  "status=PENDING",
  "for attempt in $(seq 60); do",
  '  status=$(aws ecr describe-image-scan-findings --repository-name "$REPOSITORY" --image-id "imageDigest=$DIGEST" \\',
  "    --query imageScanStatus.status --output text || echo PENDING)",
  '  case "$status" in COMPLETE | ACTIVE | FAILED | UNSUPPORTED_IMAGE) break ;; esac',
  "  sleep 10",
  "done",
  'if [ "$status" != COMPLETE ] && [ "$status" != ACTIVE ]; then echo "the scan is $status" >&2; exit 1; fi',
  "for severity in << parameters.severities >>; do",
  '  count=$(aws ecr describe-image-scan-findings --repository-name "$REPOSITORY" --image-id "imageDigest=$DIGEST" \\',
  '    --query "imageScanFindings.findingSeverityCounts.$severity" --output text --no-paginate)',
  '  case "$count" in None | 0) ;; *) echo "$count findings are $severity" >&2; exit 1 ;; esac',
  "done",
];

const TAG = [
  'manifest=$(aws ecr batch-get-image --repository-name "$REPOSITORY" --image-ids "imageDigest=$DIGEST" \\',
  "  --query 'images[0].imageManifest' --output text)",
  'aws ecr put-image --repository-name "$REPOSITORY" --image-tag "$VERSION" --image-manifest "$manifest" > /dev/null',
  'echo "$URI:$VERSION"',
];
