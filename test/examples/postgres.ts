/** A PostgreSQL of the test's own, which takes nobody without TLS, and a certificate for it. */
import { execFileSync, spawn, spawnSync } from "node:child_process";
import { appendFileSync, chmodSync, chownSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A running server. */
export interface Postgres {
  readonly port: number;
  readonly password: string;
  /** The certificate of who vouches for it. */
  readonly certificates: string;
  /** Runs SQL as the owner of everything. */
  sql(text: string): string;
  stop(): Promise<void>;
}

/** Whether this machine has no PostgreSQL to start. */
export const withoutPostgres = ["initdb", "postgres", "psql", "openssl"].some(
  (tool) => spawnSync(tool, [tool === "openssl" ? "version" : "--version"]).status !== 0,
);

const PASSWORD = "a password, with ' and \"";

export async function startPostgres(): Promise<Postgres> {
  const directory = mkdtempSync(join(tmpdir(), "landform-postgres-"));
  const user = owner();
  if (user) chownSync(directory, user.uid, user.gid);
  const run = (command: string, ...args: string[]) =>
    execFileSync(command, args, { cwd: directory, encoding: "utf8", stdio: "pipe", ...user });
  writeFileSync(join(directory, "password"), PASSWORD, { mode: 0o644 });
  const data = join(directory, "data");
  run("initdb", "-D", data, "-U", "administrator", "--auth=scram-sha-256", "--pwfile=password", "-N");
  run("openssl", ...SELF_SIGNED, "-keyout", join(data, "server.key"), "-out", join(data, "server.crt"));
  chmodSync(join(data, "server.key"), 0o600);
  writeFileSync(join(data, "pg_hba.conf"), "hostssl all all 127.0.0.1/32 scram-sha-256\n");
  const port = await freePort();
  appendFileSync(
    join(data, "postgresql.conf"),
    `ssl = on\nport = ${port}\nlisten_addresses = '127.0.0.1'\nunix_socket_directories = ''\nfsync = off\n`,
  );
  const server = spawn("postgres", ["-D", data], { stdio: "ignore", ...user });
  const ended = new Promise<void>((resolve) => server.once("close", () => resolve()));
  const sql = (text: string) =>
    execFileSync("psql", ["-v", "ON_ERROR_STOP=1", "-Atqc", text], {
      encoding: "utf8",
      stdio: "pipe",
      env: { ...process.env, ...connection(port), PGPASSWORD: PASSWORD },
    }).trim();
  await until(() => sql("select 1") === "1");
  return {
    port,
    password: PASSWORD,
    certificates: join(data, "server.crt"),
    sql,
    async stop() {
      server.kill("SIGINT");
      await ended;
      rmSync(directory, { recursive: true });
    },
  };
}

const connection = (port: number) => ({
  PGHOST: "127.0.0.1",
  PGPORT: String(port),
  PGUSER: "administrator",
  PGDATABASE: "postgres",
  PGSSLMODE: "require",
});

const SELF_SIGNED =
  "req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost -addext subjectAltName=DNS:localhost".split(
    " ",
  );

/** PostgreSQL does not run as root; its package made a user for it. */
function owner(): { readonly uid: number; readonly gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const id = (option: string) => Number(execFileSync("id", [option, "postgres"], { encoding: "utf8" }));
  return { uid: id("-u"), gid: id("-g") };
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" && address ? address.port : 0));
    });
  });
}

async function until(isReady: () => boolean): Promise<void> {
  for (let tries = 0; ; tries++) {
    try {
      if (isReady()) return;
    } catch (error) {
      if (tries > 100) throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
