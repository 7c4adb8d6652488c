/** Machines in namespaces of the kernel: each with a network, processes and a file system of its own, gone with this process. */
import { type ChildProcess, spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { type Ended, runTool } from "../python/tools.ts";
import { asRoot } from "./tools.ts";

/** Over the machine's own files lies what it writes, which is in memory; `$1` has the packages, `$2` what stands for others. */
const PREPARE = `
  mount -t tmpfs tmpfs /mnt
  mount -t tmpfs tmpfs /run
  for folder in usr etc var; do
    mkdir -p /mnt/$folder /mnt/scratch/$folder
    lower=/$folder
    if [ -d "$1/$folder" ]; then lower=$1/$folder:/$folder; fi
    mount -t overlay overlay -o lowerdir=$lower,upperdir=/mnt/$folder,workdir=/mnt/scratch/$folder /$folder
  done
  cp "$2"/* /usr/local/sbin/
  ip link set lo up
  echo ready
  # As the first process it also sees to it that others leave no zombies.
  while read -r; do :; done
`;

const here = (name: string): string => fileURLToPath(new URL(name, import.meta.url));

export class Machine {
  private readonly closed: Promise<unknown>;

  private constructor(
    private readonly holder: ChildProcess,
    private readonly pid: string,
  ) {
    this.closed = new Promise((resolve) => holder.once("close", resolve));
  }

  /** @param root of the packages */
  static async start(root: string): Promise<Machine> {
    const namespaces = ["--net", "--mount", "--pid", "--uts", "--fork", "--mount-proc", "--kill-child"];
    const arguments_ = [...namespaces, "bash", "-ec", PREPARE, "bash", root, here("machine")];
    const [command, ...args] = asRoot("unshare", ...arguments_);
    const holder = spawn(command, args, { stdio: ["pipe", "pipe", "inherit"] });
    await said(holder, "ready");
    return new Machine(holder, innermost(String(holder.pid)));
  }

  /** Runs a program of the machine's bash to its end. */
  attempt(command: string, input = ""): Promise<Ended> {
    const [program, ...args] = this.enter("--pid", "bash", "-euo", "pipefail", "-c", command);
    return runTool(program, args, input);
  }

  /** The same, if it ends well: what it has printed. */
  async run(command: string, input = ""): Promise<string> {
    const { code, stdout, stderr } = await this.attempt(command, input);
    if (code !== 0) throw new Error(`${command}\nended with ${code}:\n${stdout}${stderr}`);
    return stdout;
  }

  /** Starts a program that goes on, as soon as it has said `ready`. */
  async start(program: string, ready: string, ...arguments_: readonly string[]): Promise<ChildProcess> {
    const [enter, ...args] = this.enter("--pid", program, ...arguments_);
    const child = spawn(enter, args, { stdio: ["ignore", "pipe", "inherit"] });
    await said(child, ready);
    return child;
  }

  /** A cable to another machine. */
  async connect(name: string, address: string, other: Machine, otherName: string, otherAddress: string) {
    // Not in the machine's own processes, where the other's number is not known.
    const link = `ip link add ${name} type veth peer name ${otherName} netns ${other.pid}`;
    const [program, ...args] = this.enter("sh", "-c", link);
    const { code, stderr } = await runTool(program, args);
    if (code !== 0) throw new Error(`${link}: ${stderr}`);
    await this.run(`ip address add ${address} dev ${name} && ip link set ${name} up`);
    await other.run(`ip address add ${otherAddress} dev ${otherName} && ip link set ${otherName} up`);
  }

  /** Leads connections to an address of the machine's own to a socket. */
  async bridge(address: string, socket: string): Promise<void> {
    await this.run(`ip address add ${address}/32 dev lo`);
    await this.start(process.execPath, "listening", here("bridge.mjs"), address, "80", socket);
  }

  /** Throws it away, with all that runs in it. */
  async stop(): Promise<void> {
    this.holder.stdin?.end();
    await this.closed;
  }

  private enter(...more: readonly string[]): [string, ...string[]] {
    return asRoot("nsenter", "--target", this.pid, "--net", "--mount", ...more);
  }
}

/** The last of the processes that only wait for another. */
function innermost(pid: string): string {
  const [child] = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim().split(" ");
  return child ? innermost(child) : pid;
}

function said(child: ChildProcess, text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    let output = "";
    child.stdout?.setEncoding("utf8").on("data", (part: string) => {
      output += part;
      if (output.includes(text)) resolve();
    });
    child.once("error", reject);
    child.once("close", (code) => reject(new Error(`ended with ${code} before it said ${text}: ${output}`)));
  });
}
