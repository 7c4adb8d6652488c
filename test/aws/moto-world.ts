/** moto behind the control plane: it makes the stacks, and answers everything that is not of StackSets. */
import { parse } from "yaml";
import type { Statement } from "./iam.ts";
import { ask, field, fields, forward } from "./moto-calls.ts";
import { MotoStacks } from "./moto-stacks.ts";
import { AwsError, type Params } from "./protocol.ts";
import type { Sequence } from "./sequence.ts";
import {
  type Credentials,
  type Identity,
  type RawAnswer,
  type RawRequest,
  type Role,
  sessionArn,
  type World,
} from "./world.ts";

const REGION = "us-east-1";
/** Roles that are there in every account. */
const GIVEN = new Set(["OrganizationAccountAccessRole", "Test"]);

/** moto's accounts. */
export class MotoWorld implements World {
  readonly stacks: MotoStacks;
  /** By access key. Tests that have none yet are moto's own default account. */
  private readonly sessions = new Map<string, Identity>([
    ["TEST", { account: "123456789012", arn: "arn:aws:iam::123456789012:root" }],
  ]);
  private readonly keys = new Map<string, Promise<string>>();

  constructor(
    private readonly endpoint: string,
    sequence: Sequence,
  ) {
    this.stacks = new MotoStacks(endpoint, sequence, (account) => this.keyOf(account));
  }

  identity(accessKey: string): Identity | undefined {
    return this.sessions.get(accessKey);
  }

  async hasRole(account: string, role: string): Promise<boolean> {
    const RoleName = role.split("/").at(-1) ?? "";
    if (GIVEN.has(RoleName)) return true;
    const scope = { service: "iam", region: REGION, accessKey: await this.keyOf(account) };
    try {
      await ask(this.endpoint, scope, { Action: "GetRole", Version: "2010-05-08", RoleName });
      return true;
    } catch (error) {
      if (error instanceof AwsError && error.code.startsWith("NoSuchEntity")) return false;
      throw error;
    }
  }

  async roleOf(account: string, role: string): Promise<Role | undefined> {
    if (!(await this.hasRole(account, role))) return undefined;
    const scope = { service: "iam", region: REGION, accessKey: await this.keyOf(account) };
    const iam = (Action: string, more: Params = {}) =>
      ask(this.endpoint, scope, { Action, Version: "2010-05-08", RoleName: role, ...more });
    const names = fields(await iam("ListRolePolicies"), "member");
    const policies = await Promise.all(names.map((PolicyName) => iam("GetRolePolicy", { PolicyName })));
    return {
      trust: statementsIn(field(await iam("GetRole"), "AssumeRolePolicyDocument") ?? ""),
      rights: policies.flatMap((policy) => statementsIn(field(policy, "PolicyDocument") ?? "")),
    };
  }

  async assume(
    account: string,
    role: string,
    session: string,
    rights?: readonly Statement[],
  ): Promise<Credentials> {
    const scope = { service: "sts", region: REGION, accessKey: "TEST" };
    const answer = await ask(this.endpoint, scope, {
      Action: "AssumeRole",
      Version: "2011-06-15",
      RoleArn: `arn:aws:iam::${account}:role/${role}`,
      RoleSessionName: session,
    });
    const accessKeyId = field(answer, "AccessKeyId") ?? "";
    const name = role.split("/").at(-1) ?? "";
    const arn = sessionArn(account, name, session);
    this.sessions.set(accessKeyId, { account, arn, ...(rights && { rights }) });
    return {
      accessKeyId,
      secretAccessKey: field(answer, "SecretAccessKey") ?? "",
      sessionToken: field(answer, "SessionToken") ?? "",
    };
  }

  async linkRole(account: string, AWSServiceName: string): Promise<boolean> {
    const scope = { service: "iam", region: REGION, accessKey: await this.keyOf(account) };
    try {
      const params = { Action: "CreateServiceLinkedRole", Version: "2010-05-08", AWSServiceName };
      await ask(this.endpoint, scope, params);
      return true;
    } catch (error) {
      if (error instanceof AwsError && error.code.startsWith("EntityAlreadyExists")) return false;
      throw error;
    }
  }

  async object(bucket: string, key: string): Promise<Buffer | undefined> {
    const path = [bucket, ...key.split("/")].map(encodeURIComponent).join("/");
    const headers = {
      host: "localhost",
      authorization: `AWS4-HMAC-SHA256 Credential=TEST/20260101/${REGION}/s3/aws4_request, SignedHeaders=host, Signature=none`,
    };
    const request = { method: "GET", url: `/${path}`, headers, body: Buffer.alloc(0) };
    const { status, body } = await forward(this.endpoint, request);
    return status === 200 ? Buffer.from(body) : undefined;
  }

  answer(_service: string, _action: string, request: RawRequest): Promise<RawAnswer> {
    return forward(this.endpoint, request);
  }

  /** An access key of the account, for the server's own calls. */
  private keyOf(account: string): Promise<string> {
    const known = this.keys.get(account);
    if (known) return known;
    const key = this.assume(account, "Test", "aws").then(({ accessKeyId }) => accessKeyId);
    this.keys.set(account, key);
    return key;
  }
}

/** The statements of a policy: encoded as in an address, as IAM gives it, or in moto's words, which are YAML too. */
function statementsIn(document: string): Statement[] {
  const text = document.startsWith("%") ? decodeURIComponent(document) : document;
  return (parse(text) as { Statement: Statement[] }).Statement;
}
