/** AWS's StackSets as a local HTTP server: with stacks in memory, or really made by moto. */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";
import type { Moto } from "../python/moto.ts";
import { Answering, type Outcome, type Received } from "./answering.ts";
import type { Faults } from "./faults.ts";
import { MotoWorld } from "./moto-world.ts";
import { Operations } from "./operations.ts";
import type { Params } from "./protocol.ts";
import { Sequence } from "./sequence.ts";
import { MemoryStacks, type Stacks } from "./stacks.ts";
import { type StackSetState, StackSetTable } from "./state.ts";
import { Views } from "./views.ts";
import { type Credentials, MemoryWorld, type World } from "./world.ts";

/** A call that was made. */
export interface LoggedCall {
  readonly action: string;
  readonly account: string;
  readonly params: Params;
  /** `ok`, the code of the error, or what happened to the connection. */
  outcome: string;
}

/** A running server. */
export interface Aws {
  readonly endpoint: string;
  /** The number of calls by action. */
  readonly calls: ReadonlyMap<string, number>;
  /** All calls in order. */
  readonly log: readonly Readonly<LoggedCall>[];
  /** The stack sets by name. */
  readonly stackSets: ReadonlyMap<string, StackSetState>;
  readonly stacks: Stacks;
  /** The actions that sessions had rights for and made use of, by the ARN of the session. */
  readonly used: ReadonlyMap<string, ReadonlySet<string>>;
  /** Changes what goes wrong from now on. */
  setFaults(faults: Faults | undefined): void;
  /** Changes how long an operation is busy with each instance. */
  setInstanceMilliseconds(milliseconds: number): void;
  credentialsFor(account: string): Promise<Credentials>;
  stop(): Promise<void>;
}

/** How a server is to be. */
export interface AwsOptions {
  readonly stacks?: Stacks;
  /** Makes the stacks and has the roles and buckets; without it all is in memory, as the other options say. */
  readonly moto?: Moto;
  /** How long an operation is busy with each instance. */
  readonly instanceMilliseconds?: number;
  readonly faults?: Faults;
  /** The ARNs of the roles that exist, if not any that is asked for. */
  readonly roles?: "any" | Set<string>;
  /** The buckets that exist, if not any that is asked for. */
  readonly buckets?: Set<string>;
}

/** Starts a server on a free local port. */
export async function startAws(options: AwsOptions = {}): Promise<Aws> {
  let { faults } = options;
  let { instanceMilliseconds = 2 } = options;
  const { roles = "any", buckets } = options;
  const sequence = new Sequence();
  const world: World = options.moto
    ? new MotoWorld(options.moto.endpoint, sequence)
    : new MemoryWorld(options.stacks ?? new MemoryStacks(), sequence, roles, buckets);
  const { stacks } = world;
  const table = new StackSetTable();
  const operations = new Operations({
    stacks,
    sequence,
    instanceMilliseconds: () => instanceMilliseconds,
    faults: () => faults,
    hasRole: (account, role) => world.hasRole(account, role),
  });
  const views = new Views(() => faults);
  const answering = new Answering(world, { table, operations, stacks, sequence, views });
  const calls = new Map<string, number>();
  const log: LoggedCall[] = [];

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = "GET", url = "/", headers } = request;
    const received = answering.receive({ method, url, headers, body: await buffer(request) });
    const { action, account, params } = received;
    const logged: LoggedCall = { action, account, params, outcome: "unanswered" };
    const fault = faults?.onCall?.({ action, account, params, index: log.length });
    log.push(logged);
    calls.set(action, (calls.get(action) ?? 0) + 1);
    if (fault?.kind === "slow") await sleep(fault.milliseconds);
    if (fault?.kind === "reset" && fault.when === "before") {
      logged.outcome = "reset before";
      return void request.socket.destroy();
    }
    const outcome: Outcome = fault
      ? await answering.faulty(received, fault)
      : await answering.answer(received);
    logged.outcome = outcome.name;
    if (fault?.kind === "reset") {
      logged.outcome = "reset after";
      return void request.socket.destroy();
    }
    send(response, received, outcome);
  }

  const server = createServer((request, response) => {
    serve(request, response).catch((error: unknown) => {
      if (!response.headersSent) response.writeHead(500, { "Content-Type": "text/plain" });
      response.end(error instanceof Error ? error.stack : String(error));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "localhost", resolve));
  return {
    endpoint: `http://localhost:${(server.address() as AddressInfo).port}`,
    calls,
    log,
    stackSets: table.byName,
    stacks,
    used: answering.used,
    setFaults(changed) {
      faults = changed;
      views.forget();
    },
    setInstanceMilliseconds(changed) {
      instanceMilliseconds = changed;
    },
    credentialsFor: (account) => world.assume(account, "OrganizationAccountAccessRole", "test"),
    async stop() {
      operations.close();
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      await closed;
    },
  };
}

function send(response: ServerResponse, { request }: Received, { status, headers, body }: Outcome): void {
  response.writeHead(status, headers);
  response.end(request.method === "HEAD" ? undefined : body);
}
