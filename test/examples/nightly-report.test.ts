/** The example that reports on a database each night, with a real PostgreSQL that takes nobody without TLS. */
import { rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { json } from "node:stream/consumers";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Postgres, startPostgres, withoutPostgres } from "./postgres.ts";
import { call, unpack } from "./unpacked.ts";

const SECRET = "arn:aws:secretsmanager:eu-west-1:111111111111:secret:main";

interface Report {
  readonly database: string;
  readonly tables: readonly {
    readonly table: string;
    readonly rows: number;
    readonly grown: { readonly rows: number; readonly bytes: number };
  }[];
}

describe.skipIf(withoutPostgres)("the nightly report", () => {
  let directory: string;
  let postgres: Postgres;
  /** Secrets Manager, as far as the function asks it. */
  let secrets: Server;
  let env: Record<string, string>;
  beforeAll(async () => {
    directory = unpack("nightly-report");
    postgres = await startPostgres();
    secrets = createServer(async (request, response) => {
      const { SecretId } = (await json(request)) as { SecretId: string };
      const isRight =
        request.headers["x-amz-target"] === "secretsmanager.GetSecretValue" && SecretId === SECRET;
      response.writeHead(isRight ? 200 : 400, { "content-type": "application/x-amz-json-1.1" });
      const SecretString = JSON.stringify({ username: "administrator", password: postgres.password });
      response.end(JSON.stringify(isRight ? { ARN: SecretId, SecretString } : { __type: "NotFound" }));
    });
    await new Promise<void>((resolve) => secrets.listen(0, "127.0.0.1", resolve));
    env = {
      MAIN_HOST: "localhost",
      MAIN_PORT: String(postgres.port),
      MAIN_DATABASE: "postgres",
      MAIN_SECRET_ARN: SECRET,
      DATABASE_CERTIFICATES: postgres.certificates,
      AWS_ENDPOINT_URL: `http://127.0.0.1:${(secrets.address() as AddressInfo).port}`,
      AWS_ACCESS_KEY_ID: "test",
      AWS_SECRET_ACCESS_KEY: "test",
    };
  });
  afterAll(async () => {
    secrets?.close();
    await postgres?.stop();
    rmSync(directory, { recursive: true });
  });

  /** Fills tables, and has the database count what is in them. */
  const fill = (table: string, rows: number) =>
    postgres.sql(
      `create table if not exists ${table} (id int, name text);
       insert into ${table} select n, repeat('x', 100) from generate_series(1, ${rows}) n; analyze ${table}`,
    );

  async function report(): Promise<Report> {
    const { answer, error } = await call(directory, "node", {}, env);
    expect(error).toBeUndefined();
    return answer as Report;
  }

  test("it counts what is there, and the next night what has grown, the most first", async () => {
    fill("orders", 1000);
    fill("customers", 10);
    const first = await report();
    expect(first.database).toBe("postgres");
    expect(first.tables.map(({ table, rows, grown }) => [table, rows, grown.rows])).toEqual([
      ["public.orders", 1000, 1000],
      ["public.customers", 10, 10],
    ]);
    fill("customers", 5000);
    const second = await report();
    expect(second.tables.map(({ table, rows, grown }) => [table, rows, grown.rows])).toEqual([
      ["public.customers", 5010, 5000],
      ["public.orders", 1000, 0],
    ]);
    expect(second.tables[0]?.grown.bytes).toBeGreaterThan(100 * 5000);
    expect(second.tables[1]?.grown.bytes).toBe(0);
    expect(postgres.sql("select count(*) from nightly_report")).toBe("2");
  });

  test("it talks to no database that nobody vouches for", async () => {
    const other = join(directory, "nobody.pem");
    writeFileSync(other, "");
    const { error } = await call(directory, "node", {}, { ...env, DATABASE_CERTIFICATES: other });
    expect(error).toMatch(/self-signed certificate/);
  });

  test("it ends when the password is not to be had", async () => {
    const { error } = await call(directory, "node", {}, { ...env, MAIN_SECRET_ARN: "another" });
    expect(error).toBeDefined();
    expect(postgres.sql("select count(*) from nightly_report")).toBe("2");
  });
});
