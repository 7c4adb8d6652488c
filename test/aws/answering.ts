/** From a request to its answer: who asks which service for what, and what is said when something goes wrong. */
import { objectAction, objectErrorXml } from "./buckets.ts";
import { type ControlPlane, STACK_SET_ACTIONS } from "./control-plane.ts";
import { type CallFault, STARTING } from "./faults.ts";
import { allows } from "./iam.ts";
import { fetchParameters, getParameters } from "./parameters.ts";
import {
  type Answer,
  AwsError,
  answerXml,
  type Call,
  errorXml,
  invalid,
  type Params,
  pairs,
} from "./protocol.ts";
import { rightsFor } from "./rights.ts";
import { roleAt, sessionOf } from "./sessions.ts";
import { capabilitiesFor } from "./stack-set-actions.ts";
import { lets } from "./tokens.ts";
import type { RawAnswer, RawRequest, World } from "./world.ts";

/** A request, read as far as it can be. */
export interface Received {
  readonly request: RawRequest;
  readonly service: string;
  readonly region: string;
  readonly accessKey: string;
  readonly action: string;
  /** The caller's account, empty if unknown. */
  readonly account: string;
  readonly params: Params;
}

/** An answer, and what it is called in the log. */
export interface Outcome extends RawAnswer {
  readonly name: string;
}

const EXPIRED = new AwsError("ExpiredToken", "The security token included in the request is expired", 403);

const JSON_HEADERS = { "Content-Type": "application/x-amz-json-1.1" };

/** What makes or changes a stack directly has to be allowed what its template holds, and finds what that reads. */
const CHECKED = new Set(["CreateStack", "UpdateStack", "CreateChangeSet"]);

/** Answers requests. */
export class Answering {
  /** What sessions whose rights are looked at have made use of, by the ARN of the session. */
  readonly used = new Map<string, Set<string>>();

  constructor(
    private readonly world: World,
    private readonly plane: ControlPlane,
  ) {}

  receive(request: RawRequest): Received {
    const scope = /Credential=([^/]+)\/\d+\/([^/]+)\/([^/]+)\/aws4_request/;
    const signed = scope.exec(String(request.headers.authorization ?? ""));
    const { pathname } = new URL(request.url, "http://aws");
    // What isn't signed is a template's or a browser's look at an object.
    const [accessKey, region, service] = signed ? signed.slice(1) : ["", "", pathname === "/" ? "sts" : "s3"];
    const form = String(request.headers["content-type"] ?? "").includes("x-www-form-urlencoded");
    const params = form ? Object.fromEntries(new URLSearchParams(request.body.toString())) : {};
    const target = String(request.headers["x-amz-target"] ?? "").split(".")[1];
    const action =
      service === "s3" ? objectAction(request.method, pathname) : (params.Action ?? target ?? request.method);
    const account = this.world.identity(accessKey ?? "")?.account ?? "";
    return {
      request,
      service: service ?? "",
      region: region ?? "",
      accessKey: accessKey ?? "",
      action,
      account,
      params: service === "s3" ? { path: decodeURIComponent(pathname) } : params,
    };
  }

  /** The answer to a call that something goes wrong with. */
  async faulty(received: Received, fault: CallFault): Promise<Outcome> {
    const { service, action } = received;
    const s3 = service === "s3";
    const fail = (code: string, message: string, status: number) =>
      this.refuse(received, new AwsError(code, message, status));
    if (fault.kind === "throttle") {
      return s3
        ? fail("SlowDown", "Please reduce your request rate.", 503)
        : fail("Throttling", "Rate exceeded", 400);
    }
    if (fault.kind === "error") {
      const message = "We encountered an internal error. Please try again.";
      return fail(s3 ? "InternalError" : "InternalFailure", message, 500);
    }
    if (fault.kind === "unavailable") return fail("ServiceUnavailable", "Service is unavailable", 503);
    if (fault.kind === "expired") {
      return s3
        ? fail("ExpiredToken", "The provided token has expired.", 400)
        : this.refuse(received, EXPIRED);
    }
    if (fault.kind === "in-progress" && STARTING.has(action)) {
      return fail("OperationInProgressException", "Another Operation on StackSet is in progress", 409);
    }
    return this.answer(received);
  }

  async answer(received: Received): Promise<Outcome> {
    const { service, action, request } = received;
    try {
      this.authorize(received);
      if (service === "sts") return this.accept(received, await this.token(received));
      if (service === "cloudformation") {
        const call = await this.callOf(received);
        const ofStackSet = STACK_SET_ACTIONS.get(action);
        if (ofStackSet) {
          const { table, views } = this.plane;
          views.called(table.find(call.account, call.region, call.params.StackSetName ?? ""));
          return this.accept(received, ofStackSet(this.plane, call));
        }
        const isChecked = call.template !== undefined && CHECKED.has(action);
        const resolved = isChecked ? await this.check(call, call.template ?? "") : {};
        const ofStack = await this.plane.stacks.answer({ ...call, resolved });
        if (ofStack !== undefined) return this.accept(received, ofStack);
        return { name: "ok", ...(await this.world.answer(service, action, withTemplate(request, call))) };
      }
      const signed = received.accessKey !== "";
      if (signed && received.account === "") throw unknownKey(service);
      if (service === "iam" && action === "CreateServiceLinkedRole")
        return this.accept(received, await this.linkRole(received));
      if (service === "ssm" && action === "GetParameters") {
        const found = await getParameters(this.plane.stacks, received, request.body.toString());
        return { name: "ok", status: 200, headers: JSON_HEADERS, body: JSON.stringify(found) };
      }
      const answer = await this.world.answer(service, action, request);
      return { name: answer.status < 400 ? "ok" : String(answer.status), ...answer };
    } catch (error) {
      if (error instanceof AwsError) return this.refuse(received, error);
      throw error;
    }
  }

  /** Refuses what the caller may not do, where it has a role whose rights are looked at. */
  private authorize(received: Received): void {
    const caller = this.world.identity(received.accessKey);
    if (!caller?.rights) return;
    const used = this.used.get(caller.arn) ?? new Set();
    this.used.set(caller.arn, used);
    for (const asked of rightsFor(received)) {
      used.add(asked.action);
      if (allows(caller.rights, asked)) continue;
      const message = `User: ${caller.arn} is not authorized to perform: ${asked.action} on resource: ${asked.resource}`;
      throw new AwsError("AccessDenied", message, 403);
    }
  }

  /** @returns what the template reads from the parameter store */
  private async check(call: Call, template: string): Promise<Params> {
    capabilitiesFor(template, call);
    const given = pairs(call.params, "Parameters");
    const { resolved, refusal } = await fetchParameters(this.plane.stacks, call, template, given);
    if (refusal !== undefined) throw invalid(refusal);
    return resolved;
  }

  private async token({ action, params, accessKey }: Received): Promise<Answer> {
    if (action === "AssumeRoleWithWebIdentity") return this.byToken(params);
    const caller = this.world.identity(accessKey);
    if (!caller) throw unknownKey("sts");
    if (action === "GetCallerIdentity") {
      return { Arn: caller.arn, UserId: `AROAEXAMPLE:${caller.account}`, Account: caller.account };
    }
    if (action !== "AssumeRole") throw new AwsError("InvalidAction", `${action} is not part of this AWS`);
    const { RoleArn = "", RoleSessionName = "" } = params;
    const { account, role } = roleAt(RoleArn);
    if (!(await this.world.hasRole(account, role))) {
      const message = `User: ${caller.arn} is not authorized to perform: sts:AssumeRole on resource: ${RoleArn}`;
      throw new AwsError("AccessDenied", message, 403);
    }
    const credentials = await this.world.assume(account, role, RoleSessionName);
    return sessionOf(credentials, account, role, RoleSessionName);
  }

  /** Lets in who has a token that the role trusts, with the rights of the role. */
  private async byToken({
    RoleArn = "",
    RoleSessionName = "",
    WebIdentityToken = "",
  }: Params): Promise<Answer> {
    const { account, role } = roleAt(RoleArn);
    const known = await this.world.roleOf(account, role);
    if (!known || !lets(known.trust, account, WebIdentityToken)) {
      throw new AwsError("AccessDenied", "Not authorized to perform sts:AssumeRoleWithWebIdentity", 403);
    }
    const credentials = await this.world.assume(account, role, RoleSessionName, known.rights);
    return sessionOf(credentials, account, role, RoleSessionName);
  }

  /** In IAM's words where it is there already, which moto says in others. */
  private async linkRole({ account, params: { AWSServiceName = "" } }: Received): Promise<Answer> {
    if (await this.world.linkRole(account, AWSServiceName)) return { Role: { Path: "/aws-service-role/" } };
    const message = `Service role name for ${AWSServiceName} has been taken in this account, please try a different suffix.`;
    throw new AwsError("InvalidInput", message);
  }

  private async callOf({ action, region, params, accessKey }: Received): Promise<Call> {
    const caller = this.world.identity(accessKey);
    if (!caller) throw unknownKey("cloudformation");
    const template = await this.templateOf(params);
    return { action, account: caller.account, region, caller: caller.arn, params, template };
  }

  private async templateOf({ TemplateBody, TemplateURL }: Params): Promise<string | undefined> {
    if (TemplateBody !== undefined) {
      const tooLong = Buffer.byteLength(TemplateBody) > 51_200;
      if (tooLong) throw invalid("Value at 'templateBody' must have length less than or equal to 51200");
      return checked(TemplateBody);
    }
    if (TemplateURL === undefined) return undefined;
    const { hostname, pathname } = new URL(TemplateURL);
    const host = /^(.+)\.s3[.-]/.exec(hostname)?.[1];
    const path = decodeURIComponent(pathname).slice(1);
    const [, bucket = "", key = ""] = /^([^/]*)\/(.*)$/s.exec(host ? `${host}/${path}` : path) ?? [];
    const content = await this.world.object(bucket, key);
    if (!content) throw invalid("S3 error: Access Denied");
    if (content.length > 1_000_000) throw invalid("Template may not exceed 1000000 bytes in size.");
    return checked(content.toString());
  }

  private accept({ action }: Received, answer: Answer): Outcome {
    const body = answerXml(action, answer, this.plane.sequence.uuid());
    return { name: "ok", status: 200, headers: { "Content-Type": "text/xml" }, body };
  }

  private refuse({ service }: Received, error: AwsError): Outcome {
    if (service === "ssm") {
      const body = JSON.stringify({ __type: error.code, message: error.message });
      return { name: error.code, status: error.status, headers: JSON_HEADERS, body };
    }
    const body = service === "s3" ? objectErrorXml(error) : errorXml(error, this.plane.sequence.uuid());
    return { name: error.code, status: error.status, headers: { "Content-Type": "text/xml" }, body };
  }
}

function checked(template: string): string {
  if (/\bResources\b/.test(template)) return template;
  throw invalid("Template format error: At least one Resources member must be defined.");
}

function unknownKey(service: string): AwsError {
  return service === "s3"
    ? new AwsError("InvalidAccessKeyId", "The AWS Access Key Id you provided does not exist.", 403)
    : new AwsError("InvalidClientTokenId", "The security token included in the request is invalid.", 403);
}

/** The request with the template that its URL stands for. */
function withTemplate(request: RawRequest, { params, template }: Call): RawRequest {
  const { TemplateURL, ...others } = params;
  if (TemplateURL === undefined || template === undefined) return request;
  const body = Buffer.from(new URLSearchParams({ ...others, TemplateBody: template }).toString());
  return { ...request, body };
}
