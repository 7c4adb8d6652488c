/** Repositories: one for each image of our own, for exactly those who run it. */
import { describe, expect, test } from "vitest";
import { nameOf } from "../../cli/deploy/place-name.ts";
import { partition, sub } from "../../compiler/cfn/values.ts";
import { registry } from "../../compiler/components/registry/index.ts";
import { isOwnImage, repositoryArn, repositoryUri } from "../../compiler/components/registry/names.ts";
import { readManifest, type Target } from "../../deploy/manifest.ts";
import { isChosen } from "../../deploy/selection.ts";
import { compileText } from "../support/compile.ts";
import { demanding } from "../support/demanding.ts";
import { expectLaw } from "../support/law.ts";

const components = [registry, demanding];

const spec = (services: string, environments = "dev: { account: dev }, prod: { account: prod }") => `
version: 1
name: demo
regions: [eu-west-1, eu-central-1]
administration: tools
accounts:
  tools: { id: "111111111111", email: tools@demo.example }
  dev: { id: "222222222222", email: dev@demo.example }
  prod: { id: "333333333333", email: prod@demo.example }
environments: { ${environments} }
services:
${services}`;

const compiled = (text: string) => {
  const result = compileText(text, { components });
  expectLaw(result);
  return result;
};
/** Who may pull, by repository. */
function pullersIn(text: string): Record<string, string[]> {
  const { assembly } = compiled(text);
  const resources = Object.values(assembly.stackSets[0]?.template.Resources ?? {});
  const repositories = resources.filter(({ Type }) => Type === "AWS::ECR::Repository");
  return Object.fromEntries(
    repositories.map(({ Properties }) => [
      Properties.RepositoryName,
      JSON.stringify(Properties.RepositoryPolicyText).match(/\d{12}/g) ?? [],
    ]),
  );
}

const WEB_AND_WORKER = `
  web: { image: acme/web, version: "1" }
  worker: { image: acme/worker, version: "1", environments: [prod] }
  migrate: { image: acme/worker, version: "1", environments: [prod], on-demand: true }
  proxy: { image: public.ecr.aws/nginx/nginx, version: "1" }
`;

test("there is one stack, in the administration account and the home Region", () => {
  const { assembly } = compiled(spec(WEB_AND_WORKER));
  expect(assembly.stackSets.map(({ name }) => name)).toEqual(["registry"]);
  expect(assembly.stackSets[0]?.placements).toEqual([
    {
      name: "dev.eu-west-1",
      environment: "dev",
      serves: ["dev", "prod"],
      account: { name: "tools", id: "111111111111" },
      region: "eu-west-1",
    },
  ]);
});

test("it is deployed with each environment it serves, and called by the account it is in", () => {
  const manifest = readManifest(compiled(spec(WEB_AND_WORKER)).files);
  const target = manifest.stackSets[0]?.targets[0] as Target;
  const isChosenFor = (...environments: string[]) => isChosen({ environments })(target);
  expect([isChosenFor("dev"), isChosenFor("prod"), isChosenFor(), isChosenFor("qa")]).toEqual([
    ...[true, true, true, false],
  ]);
  expect(nameOf(manifest, target)).toBe("account tools eu-west-1");
});

test("an image may be pulled by the accounts that run it, each once, and by no other", () => {
  expect(pullersIn(spec(WEB_AND_WORKER))).toEqual({
    "acme/web": ["222222222222", "333333333333"],
    "acme/worker": ["333333333333"],
  });
});

test("a closed account pulls nothing, and serves nobody", () => {
  const closed = spec(WEB_AND_WORKER).replace("prod@demo.example", "prod@demo.example, status: closed");
  expect(pullersIn(closed)).toEqual({ "acme/web": ["222222222222"] });
  expect(compiled(closed).assembly.stackSets[0]?.placements[0]?.serves).toEqual(["dev"]);
});

test("a repository comes from the line of the first service that names its image", () => {
  expect(compiled(spec(WEB_AND_WORKER)).assembly.stackSets[0]?.provenance).toEqual({
    Key: ["services", "web", "image"],
    AcmeWebRepository: ["services", "web", "image"],
    AcmeWorkerRepository: ["services", "migrate", "image"],
  });
  const own = spec(`  web: { image: other.example/web, version: "1", in: { prod: { image: acme/web } } }`);
  expect(compiled(own).assembly.stackSets[0]?.provenance.AcmeWebRepository).toEqual([
    ...["services", "web", "in", "prod", "image"],
  ]);
});

test("without images of our own there is no registry", () => {
  expect(compiled(spec(`  proxy: { image: nginx.example/nginx, version: "1" }`)).files.keys()).not.toContain(
    "registry.yaml",
  );
});

test("the policy of an image that as many accounts pull as a spec can have fits into a repository's 10,240 characters", () => {
  const range = Array.from({ length: 200 }, (_, index) => index);
  const text = spec(`  web: { image: acme/web, version: "1" }`)
    .replace(/^ {2}dev: \{ id.*$/m, (line) =>
      [line, ...range.map((n) => `  a${n}: { id: "${400_000_000_000 + n}", email: a@demo.example }`)].join(
        "\n",
      ),
    )
    .replace(
      /^environments.*$/m,
      `environments: { ${range.map((n) => `e${n}: { account: a${n} }`).join(", ")} }`,
    );
  const { assembly } = compileText(text, { components });
  const policy = assembly.stackSets[0]?.template.Resources.AcmeWebRepository?.Properties.RepositoryPolicyText;
  const resolved = JSON.stringify(policy).replace(/\{"Fn::Sub":("[^"]*")\}/g, "$1");
  expect(resolved.length).toBeGreaterThan(6_000);
  expect(resolved.length).toBeLessThan(10_240);
});

describe("names", () => {
  test.each([
    ["acme/web", true],
    ["web", true],
    ["acme/web/api", true],
    ["public.ecr.aws/nginx/nginx", false],
    ["registry:5000/web", false],
    ["localhost/web", false],
    ["222222222222.dkr.ecr.eu-west-1.amazonaws.com/web", false],
  ])("%s is ours: %s", (image, isOurs) => {
    expect(isOwnImage(image)).toBe(isOurs);
  });

  test("are known before anything is there", () => {
    const { architecture } = compiled(spec(WEB_AND_WORKER));
    expect(repositoryUri(architecture, "acme/web")).toBe(
      "111111111111.dkr.ecr.eu-west-1.amazonaws.com/acme/web",
    );
    expect(repositoryArn(architecture, "acme/web")).toEqual(
      sub`arn:${partition}:ecr:eu-west-1:111111111111:repository/acme/web`,
    );
  });
});
