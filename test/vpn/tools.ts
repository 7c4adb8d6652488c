/** The programs of the VPN's tests: those of the machine, and Debian's packages, unpacked beside this project, for the rest. */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe } from "vitest";
import { type Ended, runTool } from "../python/tools.ts";

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
const UNPACKED = join(CACHE, "root");

type Found = { readonly root: string } | { readonly skipped: string };

/** Starts what only root may: in CI, where that is somebody else, by sudo. */
export function asRoot(command: string, ...args: readonly string[]): [string, ...string[]] {
  return process.env.CI && process.getuid?.() !== 0 ? ["sudo", "-n", command, ...args] : [command, ...args];
}

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

function run(command: string, ...args: readonly string[]): void {
  const { status, stdout, stderr, error } = spawnSync(command, args, { encoding: "utf8" });
  if (status === 0) return;
  const lines = (error?.message ?? `${stdout}\n${stderr}`).trim().split("\n");
  throw new Error(`${command} failed: ${lines.slice(-2).join(" ")}`);
}

/** What the tests do with the kernel, tried once: namespaces, an overlay, a tunnel, and rules for packets. */
const TRIAL = `
  mount -t tmpfs tmpfs /mnt && mkdir /mnt/upper /mnt/work
  mount -t overlay overlay -o lowerdir=${UNPACKED}/usr:/usr,upperdir=/mnt/upper,workdir=/mnt/work /usr
  ip tuntap add tun9 mode tun
  nft add table inet trial
  nft add chain inet trial trial '{ type nat hook postrouting priority srcnat; }'
  nft add rule inet trial trial masquerade
`;

function find(needsNamespaces: boolean): Found {
  try {
    fetchPackages();
    if (needsNamespaces) run(...asRoot("unshare", "--net", "--mount", "--pid", "--fork", "sh", "-ec", TRIAL));
    return { root: UNPACKED };
  } catch (error) {
    const skipped = error instanceof Error ? error.message : String(error);
    if (process.env.CI) throw new Error(`The VPN can't be tested: ${skipped}`);
    return { skipped };
  }
}

/** A suite that needs the packages; without them it is reported as skipped, with the reason in its name. */
export function describeWithPackages(name: string, suite: (root: string) => void): void {
  describeFound(name, find(false), suite);
}

/** Runs one of the programs to its end. */
export function runPackaged(root: string, file: string, ...args: readonly string[]): Promise<Ended> {
  const libraries = readdirSync(join(root, "usr/lib"), { withFileTypes: true }).map(
    ({ name }) => `${root}/usr/lib/${name}`,
  );
  const own = join(root, file);
  const program = existsSync(own) ? own : join("/", file);
  return runTool("env", [`LD_LIBRARY_PATH=${libraries.join(":")}`, program, ...args]);
}

/** A suite that needs namespaces of the kernel besides. */
export function describeWithNamespaces(name: string, suite: (root: string) => void): void {
  describeFound(name, find(true), suite);
}

function describeFound(name: string, found: Found, suite: (root: string) => void): void {
  if ("skipped" in found) describe.skip(`${name} (skipped: ${found.skipped})`, () => suite(""));
  else describe(name, { timeout: 60_000 }, () => suite(found.root));
}
