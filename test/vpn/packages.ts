/** The programs of the VPN's tests: those of the machine, and Debian's packages, unpacked beside this project, for the rest. */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";

/** What must be there, by the package that has it. */
const FILES: Readonly<Record<string, string>> = {
  openvpn: "usr/sbin/openvpn",
  "easy-rsa": "usr/share/easy-rsa/easyrsa",
  iproute2: "usr/bin/ip",
  nftables: "usr/sbin/nft",
  curl: "usr/bin/curl",
  jq: "usr/bin/jq",
  openssl: "usr/bin/openssl",
  shellcheck: "usr/bin/shellcheck",
};
const CACHE = resolve("node_modules/.cache/vpn");
/** What the packages hold that the machine does not have: a tree to lay over its own. */
export const UNPACKED = join(CACHE, "root");

/** Where the packages are, or why they are not. */
export type Packages = { readonly root: string } | { readonly skipped: string };

/**
 * Fetches what is missing, as apt would install it here, but changes nothing of the machine: lists, archives and what is
 * in them stay in our own folder, and nobody has to be root.
 */
function fetchPackages(): void {
  mkdirSync(join(UNPACKED, "usr/lib"), { recursive: true });
  const isMissing = (file: string) => !existsSync(join("/", file)) && !existsSync(join(UNPACKED, file));
  if (!Object.values(FILES).some(isMissing)) return;
  console.log("Fetching the packages of the VPN's tests (once, about ten seconds)");
  rmSync(CACHE, { recursive: true });
  for (const folder of ["lists/partial", "archives/partial", "root/usr/lib"])
    mkdirSync(join(CACHE, folder), { recursive: true });
  const own = [`Dir::State::lists=${CACHE}/lists`, `Dir::Cache=${CACHE}`, "Debug::NoLocking=1"];
  const apt = (...args: readonly string[]) =>
    run("apt-get", "-qq", ...own.flatMap((option) => ["-o", option]), "-o", "APT::Sandbox::User=", ...args);
  apt("update");
  apt("--yes", "--download-only", "--no-install-recommends", "install", ...Object.keys(FILES));
  const archives = readdirSync(join(CACHE, "archives")).filter((name) => name.endsWith(".deb"));
  for (const name of archives) run("dpkg-deb", "--extract", join(CACHE, "archives", name), UNPACKED);
  // What older packages have outside of /usr belongs there, as on any machine of today.
  for (const folder of ["bin", "sbin", "lib"].filter((name) => existsSync(join(UNPACKED, name))))
    run("cp", "-a", join(UNPACKED, folder), join(UNPACKED, "usr"));
  const missing = Object.keys(FILES).filter((name) => isMissing(FILES[name] ?? ""));
  if (missing.length > 0) throw new Error(`there is no ${missing.join(", no ")} for this machine`);
}

/** Runs a program to its end, which must be a good one. */
export function run(command: string, ...args: readonly string[]): void {
  const { status, stdout, stderr, error } = spawnSync(command, args, { encoding: "utf8" });
  if (status === 0) return;
  const lines = (error?.message ?? `${stdout}\n${stderr}`).trim().split("\n");
  throw new Error(`${command} failed: ${lines.slice(-2).join(" ")}`);
}

/** Tries what must work; where it does not it throws in CI and says why elsewhere. */
export function tried(attempt: () => void): Packages {
  try {
    attempt();
    return { root: UNPACKED };
  } catch (error) {
    const skipped = error instanceof Error ? error.message : String(error);
    if (process.env.CI) throw new Error(`The VPN can't be tested: ${skipped}`);
    return { skipped };
  }
}

/** The packages, fetched where they are missing. Not for use by two processes at a time. */
export const fetchedPackages = (): Packages => tried(fetchPackages);
