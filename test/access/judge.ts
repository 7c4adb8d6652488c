/** Whether somebody may do something, by `@cloud-copilot/iam-simulate`, an evaluator of IAM's policies that is not ours. */
import { getDenialReasons, runSimulation, type Simulation } from "@cloud-copilot/iam-simulate";
import type { Identity, Policy, Role, World } from "./world.ts";

/** What somebody asks for, as themselves or in a role. */
export interface Question {
  /** The user's ARN; absent for who is the role by itself, as CloudFormation is. */
  readonly user?: string;
  /** Seconds since the MFA code was given; absent for who signed in without one. */
  readonly codeAge?: number;
  /** The ARN of the role that they take first. */
  readonly role?: string;
  readonly action: string;
  readonly resource: string;
  /** What else the request says, by condition key. */
  readonly context: Readonly<Record<string, string>>;
}

/** Undefined where it is allowed; otherwise the statements that deny it, or the policies that do not allow it. */
export type Refusal = string | undefined;

/** Takes the role, if there is one, and asks as whoever that makes of the user. */
export async function refusalOf(world: World, question: Question): Promise<Refusal> {
  const { user, codeAge, role, action, resource, context } = question;
  const taken = role === undefined ? undefined : world.roles.get(role);
  if (role !== undefined && !taken) return "no role";
  if (user !== undefined) {
    const asUser = {
      "aws:username": nameOf(user),
      "aws:PrincipalArn": user,
      ...(codeAge !== undefined && {
        "aws:MultiFactorAuthPresent": "true",
        "aws:MultiFactorAuthAge": String(codeAge),
      }),
    };
    const identity = world.users.get(user);
    if (!identity) throw new Error(`there is no user ${user}`);
    const what = role === undefined ? { action, resource, context } : { ...TAKE, resource: role };
    const request = { principal: user, ...what, context: { ...asUser, ...what.context } };
    const refused = await refusal(world, identity, request);
    if (!taken) return refused;
    if (refused) return `can't take the role: ${refused}`;
  }
  if (role === undefined || !taken) throw new Error("somebody must ask");
  const principal = `arn:aws:sts::${taken.account}:assumed-role/${nameOf(role)}/${nameOf(user ?? "CloudFormation")}`;
  return refusal(world, taken, {
    principal,
    action,
    resource,
    context: { "aws:PrincipalArn": role, ...context },
  });
}

const TAKE = { action: "sts:AssumeRole", context: {} };

const nameOf = (arn: string): string => String(arn.split("/").at(-1));

interface Request extends Pick<Question, "action" | "resource" | "context"> {
  readonly principal: string;
}

async function refusal(world: World, identity: Identity | Role, request: Request): Promise<Refusal> {
  const results = await runSimulation(simulationOf(world, identity, request), {});
  if (results.resultType !== "single") throw new Error(`${request.action}: ${JSON.stringify(results)}`);
  const { analysis, ignoredContextKeys = [] } = results.result;
  if (ignoredContextKeys.length > 0) throw new Error(`${request.action} knows no ${ignoredContextKeys}`);
  if (results.overallResult === "Allowed") return undefined;
  const reasons = getDenialReasons(analysis).map((reason) => {
    const name = nameOfPolicy(reason.policyType, request.action);
    return reason.denialType === "Explicit" ? `${name} ${reason.statementId}` : `no ${name}`;
  });
  return [...new Set(reasons)].toSorted().join(" and ");
}

/** What the evaluator calls policies, in words. */
const NAMES: Readonly<Record<string, string>> = {
  identity: "permission",
  pb: "boundary",
  resource: "resource policy",
  scp: "organization",
};

const nameOfPolicy = (type: string, action: string): string | undefined =>
  type === "resource" && action === TAKE.action ? "trust" : NAMES[type];

/** The bucket that an object is in; a secret without the six characters at its end. */
const ownerOf = (resource: string): string =>
  resource.startsWith("arn:aws:s3:::") ? String(resource.split("/")[0]) : resource.replace(/-.{6}$/, "");

/** What every key's policy says: the IAM of its account decides. */
const accountDecides = (account: string) => ({
  Version: "2012-10-17",
  Statement: [
    { Effect: "Allow", Principal: { AWS: `arn:aws:iam::${account}:root` }, Action: "kms:*", Resource: "*" },
  ],
});

/** What AWS attaches to every account. */
const FULL_ACCESS: Policy = {
  name: "FullAWSAccess",
  policy: { Version: "2012-10-17", Statement: [{ Effect: "Allow", Action: "*", Resource: "*" }] },
};

function simulationOf(world: World, identity: Identity | Role, request: Request): Simulation {
  const { principal, action, resource, context } = request;
  const [, , , region = "", account = ""] = resource.split(":");
  const isRole = action === "sts:AssumeRole";
  const boundary = "boundary" in identity ? identity.boundary : undefined;
  const guarded = world.guarded.get(ownerOf(resource));
  return {
    request: {
      principal,
      action,
      resource: {
        resource,
        accountId: guarded?.account ?? (account === "" || account === "aws" ? identity.account : account),
      },
      contextVariables: {
        "aws:RequestedRegion": region === "" ? "us-east-1" : region,
        ...(isRole && { "sts:RoleSessionName": nameOf(principal) }),
        ...context,
      },
    },
    identityPolicies: [...identity.policies],
    serviceControlPolicies: [
      {
        orgIdentifier: identity.account,
        policies: [FULL_ACCESS, ...(world.serviceControl.get(identity.account) ?? [])],
      },
    ],
    resourceControlPolicies: [],
    ...(isRole && { resourcePolicy: world.roles.get(resource)?.trust }),
    ...(guarded && { resourcePolicy: guarded.policy }),
    ...(action.startsWith("kms:") && { resourcePolicy: accountDecides(account) }),
    ...(boundary && { permissionBoundaryPolicies: [boundary] }),
  };
}
