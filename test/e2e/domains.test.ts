/** Domains really deployed: the zone above names the servers of the zone below, which is in another account. */
import type { SSMClient } from "@aws-sdk/client-ssm";
import { expect, test } from "vitest";
import { forward, headersOf } from "../aws/moto-calls.ts";
import { describeOnMoto } from "../aws/on-moto.ts";
import { goldenSpec } from "../support/golden-spec.ts";
import { emptyWorkplace, loggedIn } from "../support/landform.ts";

const DEV = "111111111111";
const PROD = "222222222222";
const REGION = "eu-west-1";
const SPEC = goldenSpec("test/golden/delegation/one.yaml");

describeOnMoto("domains on moto", (on) => {
  test("one environment at a time: what it needs in the account above is part of it, and fails where that is not ready", async () => {
    const place = emptyWorkplace();
    try {
      place.write("specs/spec.yaml", SPEC);
      place.env = await loggedIn(on.aws, DEV);
      const run = (...args: string[]) => place.landform(...args, "--poll", "0.05");
      expect(await place.landform("compile")).toMatchObject({ code: 0 });
      expect(await run("bootstrap")).toMatchObject({ code: 0 });
      const early = await run("deploy", "-e", "dev");
      expect(early.code, early.err).toBe(1);
      expect(early.err).toContain("Unable to fetch parameters [/demo/zone/zone-id]");
      expect(early.err).toContain("not started, since what they depend on failed: certificate");
      expect(await run("deploy", "-e", "prod", "--only", "zone")).toMatchObject({ code: 0 });
      expect(await run("deploy", "-e", "dev")).toMatchObject({ code: 0 });
    } finally {
      place.remove();
    }
    const { ssm: above } = await on.clients(PROD, REGION);
    const child = await on.published(DEV, REGION, "/demo");
    const parent = await on.published(PROD, REGION, "/demo");
    const servers = child["/demo/zone/name-servers"]?.split(",") ?? [];
    expect(servers.length).toBeGreaterThan(0);
    expect(child["/demo/certificate/certificate-arn"]).toContain(`:${DEV}:certificate/`);
    const records = await recordsOf(above, parent["/demo/zone/zone-id"] ?? "");
    expect(records).toContain(`<Name>dev.demo.example</Name><Type>NS</Type><TTL>300</TTL>`);
    for (const server of servers) expect(records).toContain(`<Value>${server}</Value>`);
  });

  async function recordsOf(ssm: SSMClient, zone: string): Promise<string> {
    const { accessKeyId } = await ssm.config.credentials();
    const scope = { service: "route53", region: "us-east-1", accessKey: accessKeyId };
    const { body } = await forward(on.moto.endpoint, {
      method: "GET",
      url: `/2013-04-01/hostedzone/${zone}/rrset`,
      headers: { ...headersOf(scope), host: "route53.amazonaws.com" },
      body: Buffer.alloc(0),
    });
    return body.toString().replace(/>\s+</g, "><");
  }
});
