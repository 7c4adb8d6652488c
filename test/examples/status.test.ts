/** The example that answers requests of the load balancer. */
import { rmSync } from "node:fs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { call, unpack } from "./unpacked.ts";

let directory: string;
beforeAll(() => {
  directory = unpack("status");
});
afterAll(() => rmSync(directory, { recursive: true }));

/** As a load balancer asks. */
async function ask(httpMethod: string) {
  const { answer } = await call(
    directory,
    "python",
    {
      requestContext: { elb: {} },
      httpMethod,
      path: "/status",
      headers: {},
      body: "",
      isBase64Encoded: false,
    },
    { ENVIRONMENT: "dev" },
    { function_name: "acme-status", function_version: "$LATEST" },
  );
  return answer as { statusCode: number; headers: Record<string, string>; body: string };
}

test("it says where it runs", async () => {
  const { body, ...answer } = await ask("GET");
  expect(answer).toEqual({
    statusCode: 200,
    statusDescription: "200 OK",
    isBase64Encoded: false,
    headers: { "content-type": "application/json", "cache-control": "no-store" },
  });
  expect(JSON.parse(body)).toEqual({
    environment: "dev",
    region: "eu-west-1",
    function: "acme-status",
    version: "$LATEST",
    seconds: 0,
  });
});

test("it only answers who asks", async () => {
  expect((await ask("HEAD")).statusCode).toBe(200);
  expect(await ask("POST")).toMatchObject({ statusCode: 405, headers: { allow: "GET, HEAD" } });
});
