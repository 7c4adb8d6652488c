/** Every night: how large each table is and how much it has grown since the last report, which the database keeps. */
import { readFileSync } from "node:fs";
import { GetSecretValueCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { Client } from "pg";
import { growth, type Size } from "./growth.ts";

const { MAIN_HOST, MAIN_PORT, MAIN_DATABASE, MAIN_SECRET_ARN } = process.env;

/** Lambda's Node has the certificates of RDS in this file, and no longer trusts them unasked. */
const CERTIFICATES = process.env.DATABASE_CERTIFICATES ?? "/var/runtime/ca-cert.pem";

const secrets = new SecretsManagerClient();

export async function handler() {
  const client = await connect();
  try {
    await client.query(
      "create table if not exists nightly_report (taken_at timestamptz not null default now(), sizes jsonb not null)",
    );
    const { rows: sizes } = await client.query<Size>(MEASURE);
    const { rows: reports } = await client.query<{ sizes: Size[] }>(
      "select sizes from nightly_report order by taken_at desc limit 1",
    );
    await client.query("insert into nightly_report (sizes) values ($1)", [JSON.stringify(sizes)]);
    const report = { database: MAIN_DATABASE, tables: growth(sizes, reports[0]?.sizes ?? []) };
    console.info(report);
    return report;
  } finally {
    await client.end();
  }
}

const MEASURE = `
  select schemaname || '.' || relname as "table", n_live_tup::int as rows, pg_total_relation_size(relid)::float as bytes
  from pg_stat_user_tables where relname <> 'nightly_report' order by 1`;

/** The password is rotated: it is read anew each time. */
async function connect(): Promise<Client> {
  const { SecretString = "" } = await secrets.send(new GetSecretValueCommand({ SecretId: MAIN_SECRET_ARN }));
  const { username, password } = JSON.parse(SecretString) as Record<"username" | "password", string>;
  const client = new Client({
    host: MAIN_HOST,
    port: Number(MAIN_PORT),
    database: MAIN_DATABASE,
    user: username,
    password,
    ssl: { ca: readFileSync(CERTIFICATES, "utf8") },
    connectionTimeoutMillis: 10_000,
  });
  await client.connect();
  return client;
}
