/** What lies behind the control plane, in memory: who calls, which roles there are, stacks and objects. */
import { Buckets } from "./buckets.ts";
import type { Statement } from "./iam.ts";
import { AwsError } from "./protocol.ts";
import type { Sequence } from "./sequence.ts";
import { MemoryStacks, type Stacks } from "./stacks.ts";

/** The account and ARN of a caller. */
export interface Identity {
  readonly account: string;
  readonly arn: string;
  /** What it may do; absent for those of whom nobody asks. */
  readonly rights?: readonly Statement[];
}

/** A role: who may take it, and what it may do. */
export interface Role {
  readonly trust: readonly Statement[];
  readonly rights: readonly Statement[];
}

/** Credentials of a session. */
export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
}

/** A request as it came, and an answer as it goes. */
export interface RawRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: NodeJS.Dict<string | string[]>;
  readonly body: Buffer;
}

/** An answer as it goes. */
export interface RawAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer | string;
}

/** What lies behind the control plane. */
export interface World {
  readonly stacks: Stacks;
  identity(accessKey: string): Identity | undefined;
  hasRole(account: string, role: string): Promise<boolean>;
  /** The role as its stack made it, if it is known. */
  roleOf(account: string, role: string): Promise<Role | undefined>;
  /**
   * Credentials of a role that exists.
   *
   * @param rights what the session may do, where that is looked at
   */
  assume(account: string, role: string, session: string, rights?: readonly Statement[]): Promise<Credentials>;
  /** Makes the service-linked role of a service. @returns whether it was not there yet */
  linkRole(account: string, service: string): Promise<boolean>;
  /** The object's content, if there is such an object. */
  object(bucket: string, key: string): Promise<Buffer | undefined>;
  /** Answers S3, and what no other part answers. */
  answer(service: string, action: string, request: RawRequest): Promise<RawAnswer>;
}

/** The ARN of a role's session. */
export function sessionArn(account: string, role: string, session: string): string {
  return `arn:aws:sts::${account}:assumed-role/${role}/${session}`;
}

/** All in memory. */
export class MemoryWorld implements World {
  readonly buckets: Buckets;
  private readonly sessions = new Map<string, Identity>();
  private readonly linkedRoles = new Set<string>();

  constructor(
    readonly stacks: Stacks,
    private readonly sequence: Sequence,
    private readonly roles: "any" | ReadonlySet<string>,
    buckets: Set<string> | undefined,
  ) {
    if (stacks instanceof MemoryStacks) stacks.join(sequence);
    this.buckets = new Buckets(buckets);
  }

  identity(accessKey: string): Identity | undefined {
    return this.sessions.get(accessKey);
  }

  async hasRole(account: string, role: string): Promise<boolean> {
    return this.roles === "any" || this.roles.has(`arn:aws:iam::${account}:role/${role}`);
  }

  async roleOf(): Promise<Role | undefined> {
    return undefined;
  }

  async assume(account: string, role: string, session: string): Promise<Credentials> {
    const accessKeyId = `ASIA${String(this.sessions.size).padStart(4, "0")}${account}`;
    this.sessions.set(accessKeyId, { account, arn: sessionArn(account, role, session) });
    return { accessKeyId, secretAccessKey: "secret", sessionToken: this.sequence.uuid() };
  }

  async linkRole(account: string, service: string): Promise<boolean> {
    const known = this.linkedRoles.size;
    return this.linkedRoles.add(`${account}/${service}`).size > known;
  }

  async object(bucket: string, key: string): Promise<Buffer | undefined> {
    return this.buckets.objects.get(`${bucket}/${key}`);
  }

  async answer(service: string, action: string, { url, headers, body }: RawRequest): Promise<RawAnswer> {
    if (service === "s3")
      return this.buckets.answer(action, new URL(url, "http://s3").pathname, headers, body);
    throw new AwsError("InvalidAction", `${service} ${action} is not part of this AWS`);
  }
}
