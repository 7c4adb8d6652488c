/** Somebody with a profile, on a machine in the internet. */
import { setTimeout as sleep } from "node:timers/promises";
import type { Machine } from "./machine.ts";

export class Client {
  constructor(private readonly machine: Machine) {}

  /** Connects, and says what OpenVPN has to say: up to the connection, or to the end of the attempt. */
  async connect(profile: string): Promise<string> {
    await this.disconnect();
    await this.machine.run("cat > /run/profile.ovpn", profile);
    // One attempt, of which the server may take its time.
    const options = "--tls-exit --hand-window 5";
    await this.machine.run(
      `setsid openvpn --config /run/profile.ovpn ${options} --writepid /run/openvpn.pid > /run/log 2>&1 < /dev/null &`,
    );
    for (let tries = 0; tries < 200; tries += 1) {
      const log = await this.log();
      if (/Initialization Sequence Completed|process exiting/.test(log)) return log;
      await sleep(100);
    }
    throw new Error(`there is no end to it:\n${await this.log()}`);
  }

  async disconnect(): Promise<void> {
    await this.machine.attempt(
      "kill $(cat /run/openvpn.pid); tail --pid=$(cat /run/openvpn.pid) -f /dev/null",
    );
  }

  log(): Promise<string> {
    return this.machine.run("cat /run/log");
  }

  /** What a host answers over HTTP, or nothing. */
  async get(address: string): Promise<string> {
    const { stdout } = await this.machine.attempt(`curl -sS --max-time 2 http://${address}/`);
    return stdout;
  }

  /** Sends everything for an address into the tunnel. */
  async route(address: string): Promise<void> {
    await this.machine.run(`ip route replace ${address}/32 dev tun0`);
  }
}

export const CONNECTED = "Initialization Sequence Completed";
