/** How test files use the packages that the global setup fetched, and namespaces of the kernel. */
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, inject } from "vitest";
import { type Ended, runTool } from "../python/tools.ts";
import { type Packages, run, tried, UNPACKED } from "./packages.ts";

/** Starts what only root may: in CI, where that is somebody else, by sudo. */
export function asRoot(command: string, ...args: readonly string[]): [string, ...string[]] {
  return process.env.CI && process.getuid?.() !== 0 ? ["sudo", "-n", command, ...args] : [command, ...args];
}

/** What the tests do with the kernel, tried once: namespaces, an overlay, a tunnel, and rules for packets. */
const TRIAL = `
  mount -t tmpfs tmpfs /mnt && mkdir /mnt/upper /mnt/scratch
  mount -t overlay overlay -o lowerdir=${UNPACKED}/usr:/usr,upperdir=/mnt/upper,workdir=/mnt/scratch /usr
  ip tuntap add tun9 mode tun
  nft add table inet trial
  nft add chain inet trial trial '{ type nat hook postrouting priority srcnat; }'
  nft add rule inet trial trial masquerade
`;

/** A suite that needs the packages; without them it is reported as skipped, with the reason in its name. */
export function describeWithPackages(name: string, suite: (root: string) => void): void {
  describeFound(name, inject("vpnPackages"), suite);
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
  const packages = inject("vpnPackages");
  const trial = () => run(...asRoot("unshare", "--net", "--mount", "--pid", "--fork", "sh", "-ec", TRIAL));
  describeFound(name, "skipped" in packages ? packages : tried(trial), suite);
}

function describeFound(name: string, found: Packages, suite: (root: string) => void): void {
  if ("skipped" in found) describe.skip(`${name} (skipped: ${found.skipped})`, () => suite(""));
  else describe(name, { timeout: 180_000 }, () => suite(found.root));
}
