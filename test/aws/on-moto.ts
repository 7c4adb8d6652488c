/** AWS in front of moto for the tests of a suite, as many files need it. */
import { paginateGetParametersByPath } from "@aws-sdk/client-ssm";
import { afterAll, beforeAll, expect } from "vitest";
import { type Clients, clientsFor, type Moto, startMoto } from "../python/moto.ts";
import { describePython, installedTools } from "../python/tools.ts";
import { ask, forward, headersOf, type Scope } from "./moto-calls.ts";
import type { Params } from "./protocol.ts";
import { type Aws, startAws } from "./server.ts";

/** It is there from before the first test of a suite until after the last. */
export interface OnMoto {
  readonly aws: Aws;
  readonly moto: Moto;
  /** Clients that ask moto itself. */
  clients(account: string, region: string): Promise<Clients>;
  /** What is published below a path in an account and Region. */
  published(account: string, region: string, path: string): Promise<Record<string, string>>;
  /** Asks a service of moto's that speaks the query protocol. */
  query(account: string, region: string, service: string, params: Params): Promise<string>;
  /** Asks a service of moto's that speaks JSON; without a target by GET. */
  json<T>(
    account: string,
    region: string,
    service: string,
    call: { readonly url?: string; readonly target?: string; readonly parameters?: object },
  ): Promise<T>;
}

/** A suite of tests on moto; skipped where there is no Python. */
export function describeOnMoto(name: string, suite: (on: OnMoto) => void): void {
  describePython(name, () => {
    const on = new Started();
    beforeAll(() => on.start());
    afterAll(() => on.stop());
    suite(on);
  });
}

class Started implements OnMoto {
  private running: { readonly moto: Moto; aws?: Aws } | undefined;

  async start(): Promise<void> {
    this.running = { moto: await startMoto(installedTools().python) };
    this.running.aws = await startAws({ moto: this.running.moto, instanceMilliseconds: 0 });
  }

  async stop(): Promise<void> {
    await this.running?.aws?.stop();
    await this.running?.moto.stop();
  }

  get moto(): Moto {
    if (!this.running) throw new Error("moto is there in tests only");
    return this.running.moto;
  }

  get aws(): Aws {
    if (!this.running?.aws) throw new Error("AWS is there in tests only");
    return this.running.aws;
  }

  clients(account: string, region: string): Promise<Clients> {
    return clientsFor(this.moto.endpoint, account, region);
  }

  async published(account: string, region: string, path: string): Promise<Record<string, string>> {
    const { ssm } = await this.clients(account, region);
    const found: Record<string, string> = {};
    const pages = paginateGetParametersByPath({ client: ssm }, { Path: path, Recursive: true });
    for await (const { Parameters = [] } of pages)
      for (const { Name = "", Value = "" } of Parameters) found[Name] = Value;
    return found;
  }

  async query(account: string, region: string, service: string, params: Params): Promise<string> {
    return ask(this.moto.endpoint, await this.scope(account, region, service), params);
  }

  async json<T>(
    account: string,
    region: string,
    service: string,
    { url = "/", target, parameters = {} }: { url?: string; target?: string; parameters?: object },
  ): Promise<T> {
    const { status, body } = await forward(this.moto.endpoint, {
      method: target === undefined ? "GET" : "POST",
      url,
      headers: {
        ...headersOf(await this.scope(account, region, service)),
        ...(target !== undefined && { "content-type": "application/x-amz-json-1.1", "x-amz-target": target }),
      },
      body: Buffer.from(target === undefined ? "" : JSON.stringify(parameters)),
    });
    expect(status, body.toString()).toBeLessThan(300);
    return JSON.parse(body.toString()) as T;
  }

  private async scope(account: string, region: string, service: string): Promise<Scope> {
    const { ssm } = await this.clients(account, region);
    return { service, region, accessKey: (await ssm.config.credentials()).accessKeyId };
  }
}
