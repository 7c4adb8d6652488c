/** The pipeline for applications, run on this machine: what it asks of Docker and the registry, and what it commits. */
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeEach, describe, expect, test } from "vitest";
import { parse } from "yaml";
import { compileText } from "../support/compile.ts";
import { emptyWorkplace, type Workplace } from "../support/landform.ts";
import { git, HALT, type Machine, NPM, type Ran, runJob } from "./runner.ts";
import { jobWith } from "./workflow.ts";

const SPEC = `version: 1
name: shop
regions: [eu-west-1]
accounts:
  dev: { id: "200000000002", email: dev@shop.example }
  prod: { id: "400000000004", email: prod@shop.example }
environments:
  dev: { account: dev }
  prod: { account: prod }
services:
  web:
    image: shop/web
    version: "1.0.0"
    in: { dev: { version: "1.1.0" } }
ci:
  circleci:
    organization: 8a7b6c5d-0000-4000-8000-000000000001
    project: 8a7b6c5d-0000-4000-8000-000000000002
    applications: { web: 8a7b6c5d-0000-4000-8000-000000000003 }
`;
const ORB = parse(compileText(SPEC, { name: "shop" }).files.get("circleci-orb.yml") ?? "");
const URI = "200000000002.dkr.ecr.eu-west-1.amazonaws.com/shop/web";
const DIGEST = `sha256:${"a".repeat(64)}`;

/** Notes how it is called. */
const note = (program: string) => `echo "${program} $*" >> "$LOG"\n`;
const programs = {
  npm: NPM,
  docker: `[ "$1" = login ] && cat > /dev/null
${note("docker")}[ "$2" = build ] && [ -n "$URI" ] && echo '{"containerimage.digest":"${DIGEST}"}' > "$HOME/tmp/build.json"
exit 0
`,
  "circleci-agent": HALT,
  // Told by the environment what there is in the registry.
  aws: `${note("aws")}case "$2" in
describe-images) [ "$THERE" = yes ] ;;
describe-image-scan-findings) case "$*" in *imageScanStatus*) echo "$SCAN" ;; *) echo "$FINDINGS" ;; esac ;;
get-login-password) echo secret ;;
batch-get-image) echo '{"schemaVersion":2}' ;;
esac
`,
};

describe("an application's pipeline", () => {
  const directory = mkdtempSync(join(tmpdir(), "landform-ci-"));
  const log = join(directory, "log");
  let application: Workplace;
  let sha: string;
  beforeEach(() => {
    rmSync(log, { force: true });
    application = emptyWorkplace();
    application.write("Dockerfile", "FROM scratch\n");
    sha = commitAll(application);
  });
  afterAll(() => rmSync(directory, { recursive: true }));

  function commitAll({ directory: repository }: Workplace): string {
    git(repository, "init", "--quiet", "--initial-branch", "main");
    git(repository, "add", "--all");
    git(repository, "commit", "--quiet", "--message", "All there is");
    return git(repository, "rev-parse", "HEAD");
  }

  function run(job: string, args: object, env: Record<string, string> = {}): Promise<Ran> {
    const machine: Machine = {
      directory,
      programs,
      env: { LOG: log, CACHE: join(directory, "cache"), ...env },
    };
    const commit = { repository: application.directory, branch: "main", sha, token: () => "a.b.c" };
    return runJob(machine, commit, jobWith(ORB, job, { service: "web", ...args }));
  }
  const called = () => (existsSync(log) ? readFileSync(log, "utf8").trimEnd().split("\n") : []);
  const tests = [{ run: { command: 'docker run "$IMAGE" npm test' } }];
  const GOOD = { SCAN: "COMPLETE", FINDINGS: "None" };

  test("what is tested and scanned gets the tag, and only that", async () => {
    expect(await run("image", { tests }, GOOD)).toMatchObject({ outcome: "success" });
    const steps = called().map((line) => line.replace(/ --(query|output text).*/, ""));
    const image = `--repository-name shop/web --image-id imageDigest=${DIGEST}`;
    expect(steps).toEqual([
      "docker buildx create --use",
      `aws ecr describe-images --repository-name shop/web --image-ids imageTag=${sha.slice(0, 12)}`,
      "aws ecr get-login-password",
      `docker login --username AWS --password-stdin ${URI.split("/")[0]}`,
      expect.stringMatching(
        /^docker buildx build .* --output type=image,name=\S+\/shop\/web,push-by-digest=true,.* \.$/,
      ),
      `docker pull ${URI}@${DIGEST}`,
      `docker run ${URI}@${DIGEST} npm test`,
      `aws ecr describe-image-scan-findings ${image}`,
      `aws ecr describe-image-scan-findings ${image}`,
      `aws ecr batch-get-image --repository-name shop/web --image-ids imageDigest=${DIGEST}`,
      `aws ecr put-image --repository-name shop/web --image-tag ${sha.slice(0, 12)} --image-manifest {"schemaVersion":2}`,
    ]);
  });

  test.each([
    ["tests fail", { tests: [{ run: { command: "false" } }] }, GOOD],
    ["the scan finds too much", {}, { SCAN: "COMPLETE", FINDINGS: "2" }],
    ["it can't be scanned", {}, { SCAN: "FAILED", FINDINGS: "None" }],
  ])("where %s there is no tag", async (_, args, env) => {
    expect(await run("image", args, env)).toMatchObject({ outcome: "failed" });
    expect(called().some((line) => line.includes("put-image"))).toBe(false);
  });

  test("a version that is there already is not built again", async () => {
    const { outcome, output } = await run("image", { tests, version: "2.0.0" }, { THERE: "yes" });
    expect(outcome).toBe("success");
    expect(output).toContain("shop/web:2.0.0 is there already");
    expect(called().some((line) => line.includes("buildx build"))).toBe(false);
  });

  test("other branches build and test, and ask nothing of AWS", async () => {
    expect(await run("image", { tests, push: false })).toMatchObject({ outcome: "success" });
    expect(called()).toEqual([
      "docker buildx create --use",
      "docker buildx build --load --tag shop/web:local .",
      "docker run shop/web:local npm test",
    ]);
  });

  describe("a release", () => {
    let infrastructure: Workplace;
    beforeEach(async () => {
      infrastructure = emptyWorkplace();
      infrastructure.write("specs/shop.yaml", SPEC);
      infrastructure.write("package.json", "{}\n");
      infrastructure.write(".gitignore", "node_modules/\n");
      expect((await infrastructure.landform("compile")).code).toBe(0);
      commitAll(infrastructure);
      // Somebody else has `main` checked out nowhere.
      git(infrastructure.directory, "checkout", "--quiet", "--detach");
    });
    const release = (args: object) =>
      run("release", { repository: `file://${infrastructure.directory}`, fingerprint: "SHA256:x", ...args });
    const specOn = (branch: string) => git(infrastructure.directory, "show", `${branch}:specs/shop.yaml`);
    const changedOn = (branch: string) =>
      git(infrastructure.directory, "diff", "--name-only", `${branch}~`, branch).split("\n");

    test("is a branch of its own, made anew each time", { timeout: 60_000 }, async () => {
      expect(await release({ version: "1.2.0" })).toMatchObject({ outcome: "success" });
      expect(await release({ version: "1.3.0" })).toMatchObject({ outcome: "success" });
      expect(specOn("release/web")).toContain('version: "1.3.0"');
      expect(changedOn("release/web")).toEqual(["generated/shop/service-web.yaml", "specs/shop.yaml"]);
      expect(specOn("main")).toBe(SPEC.trimEnd());
    });

    test("goes to main where that is wanted, in the environments that are named", {
      timeout: 60_000,
    }, async () => {
      const { outcome, output } = await release({ version: "1.2.0", environments: "dev", direct: true });
      expect(outcome, output).toBe("success");
      expect(specOn("main")).toContain('in: { dev: { version: "1.2.0" } }');
      expect(git(infrastructure.directory, "log", "-1", "--format=%s", "main")).toBe("Release web 1.2.0");
    });

    test("of what is released already commits nothing", { timeout: 60_000 }, async () => {
      expect(await release({ version: "1.0.0" })).toMatchObject({ outcome: "success" });
      expect(git(infrastructure.directory, "branch", "--list", "release/*")).toBe("");
    });
  });
});
