/** Sites really deployed: the bucket where the environment is, and what CloudFront wants where it wants it. */
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { expect, test } from "vitest";
import { forward, headersOf } from "../aws/moto-calls.ts";
import { describeOnMoto } from "../aws/on-moto.ts";
import { goldenSpec } from "../support/golden-spec.ts";
import { emptyWorkplace, loggedIn } from "../support/landform.ts";

const DEV = "111111111111";
const PROD = "222222222222";
const FOLDER = resolve("examples/sites/www");
const SPEC = goldenSpec("test/golden/site/two-environments.yaml");

describeOnMoto("sites on moto", (on) => {
  test("one deploy makes all of it, in two Regions; its names lead to the distribution, and its files to the bucket", {
    timeout: 120_000,
  }, async () => {
    const place = emptyWorkplace();
    try {
      place.write("specs/spec.yaml", SPEC);
      place.env = await loggedIn(on.aws, DEV);
      const run = (...args: string[]) => place.landform(...args, "--poll", "0.05");
      expect(await place.landform("compile")).toMatchObject({ code: 0 });
      expect(await run("bootstrap")).toMatchObject({ code: 0 });
      const deployed = await run("deploy");
      expect(deployed.code, deployed.err).toBe(0);
      // An environment has one stack in each stack set, whatever the Region: there is no need to name that.
      expect(deployed.err).toContain("distribution-www: dev SUCCEEDED");
      const status = await run("status");
      expect(status).toMatchObject({ code: 0 });
      expect(status.out).toMatch(/distribution-www +current/);
      // In another account by the role that was made for it, which moto has whoever asks.
      place.env = { ...place.env, AWS_ENDPOINT_URL: on.moto.endpoint };
      for (const environment of ["dev", "prod"])
        expect(await run("publish", "www", "--in", environment, "--source", FOLDER)).toMatchObject({
          code: 0,
          out: `www in ${environment}: 6 uploaded, 0 unchanged, 0 removed, CloudFront invalidated\n`,
        });
    } finally {
      place.remove();
    }
    const home = await on.published(DEV, "eu-west-1", "/demo");
    const edge = await on.published(DEV, "us-east-1", "/demo");
    expect(Object.keys(edge).toSorted()).toEqual([
      "/demo/distribution-www/distribution-id",
      "/demo/edge/access-logs-arn",
      "/demo/edge/certificate-arn",
      "/demo/edge/web-acl-arn",
    ]);
    expect(edge["/demo/edge/certificate-arn"]).toContain(`:us-east-1:${DEV}:certificate/`);
    const records = await recordsOf(home["/demo/zone/zone-id"] ?? "");
    for (const type of ["A", "AAAA"])
      expect(records).toMatch(
        new RegExp(
          `<Name>www.dev.demo.example</Name><Type>${type}</Type><AliasTarget><HostedZoneId>Z2FDTNDATAQYW2</HostedZoneId>`,
        ),
      );
    const first = readFileSync(join(FOLDER, "index.html"), "utf8").replace(/>\s+</g, "><");
    for (const account of [DEV, PROD])
      expect(await get("s3", `/demo-site-www-${account}-eu-west-1/site/index.html`, account)).toBe(first);
  });

  const recordsOf = (zone: string) => get("route53", `/2013-04-01/hostedzone/${zone}/rrset`);

  async function get(service: string, url: string, account = DEV): Promise<string> {
    const { ssm } = await on.clients(account, "us-east-1");
    const { accessKeyId } = await ssm.config.credentials();
    const { body } = await forward(on.moto.endpoint, {
      method: "GET",
      url,
      headers: {
        ...headersOf({ service, region: "us-east-1", accessKey: accessKeyId }),
        host: `${service}.amazonaws.com`,
      },
      body: Buffer.alloc(0),
    });
    return body.toString().replace(/>\s+</g, "><");
  }
});
