/** Every statement of ours in a world, weakened or taken away, one at a time. */
import type { Identity, Policy, Role, World } from "./world.ts";

/** A world with one change, and what the change is called. */
export interface Mutation {
  readonly name: string;
  readonly world: World;
}

interface Statement {
  readonly Sid?: string;
  readonly Effect: "Allow" | "Deny";
  readonly Resource?: unknown;
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

interface Document {
  readonly Statement: readonly Statement[];
}

/** What becomes of a statement: another one, or nothing. */
type Change = (statement: Statement) => Statement | undefined;

/** Policies that are AWS's, and the roles that landform itself acts by. */
const isOurs = (policy: string): boolean => !["AdministratorAccess", "ViewOnlyAccess"].includes(policy);
const isOfPeople = (role: string): boolean => !role.includes("-stack-set-");

/** The same statement of a policy is changed wherever the policy is, since one template makes all. */
export function mutationsOf(world: World): Mutation[] {
  const changes = new Map<string, { policy: string; sid: string; change: Change }>();
  visit(world, (policy, statement) => {
    const sid = statement.Sid ?? "";
    const subject = `${policy} ${sid}`;
    for (const [what, change] of weakenings(statement)) {
      changes.set(`${subject} ${what}`, { policy, sid, change });
    }
  });
  return [...changes].map(([name, { policy, sid, change }]) => ({
    name,
    world: mapWorld(world, (other, statement) =>
      other === policy && (statement.Sid ?? "") === sid ? change(statement) : statement,
    ),
  }));
}

function weakenings({ Effect, Resource, Condition = {} }: Statement): [string, Change][] {
  const found: [string, Change][] = [["is not there", () => undefined]];
  if (Effect === "Allow" && Resource !== undefined && Resource !== "*")
    found.push(["is about everything", (statement) => ({ ...statement, Resource: "*" })]);
  for (const [operator, keys] of Object.entries(Condition)) {
    for (const key of Object.keys(keys)) {
      found.push([
        `does not ask for ${key}`,
        (statement) => {
          const { [key]: _, ...others } = statement.Condition?.[operator] ?? {};
          return { ...statement, Condition: { ...statement.Condition, [operator]: others } };
        },
      ]);
    }
  }
  return found;
}

function visit(world: World, look: (policy: string, statement: Statement) => void): void {
  mapWorld(world, (policy, statement) => {
    look(policy, statement);
    return statement;
  });
}

/** What stays as it is, is the same object. */
function mapWorld(
  world: World,
  change: (policy: string, statement: Statement) => Statement | undefined,
): World {
  const document = (name: string, policy: unknown): unknown => {
    const { Statement: before, ...rest } = policy as Document;
    const after = before.flatMap((statement) => change(name, statement) ?? []);
    const isSame = after.length === before.length && after.every((each, index) => each === before[index]);
    return isSame ? policy : { ...rest, Statement: after };
  };
  const named = (own: Policy): Policy => {
    const policy = document(own.name, own.policy);
    return policy === own.policy ? own : { ...own, policy };
  };
  const policiesOf = (policies: readonly Policy[]) =>
    sameOr(
      policies,
      policies.map((policy) => (isOurs(policy.name) ? named(policy) : policy)),
    );
  const user = (who: Identity): Identity => {
    const policies = policiesOf(who.policies);
    return policies === who.policies ? who : { ...who, policies };
  };
  const role = (arn: string, who: Role): Role => {
    const policies = policiesOf(who.policies);
    const trust = document(`trust of ${arn.split("/").at(-1)}`, who.trust);
    const boundary = who.boundary && named(who.boundary);
    const isSame = policies === who.policies && trust === who.trust && boundary === who.boundary;
    return isSame ? who : { ...who, policies, trust, boundary };
  };
  return {
    ...world,
    users: new Map([...world.users].map(([arn, who]) => [arn, user(who)])),
    roles: new Map([...world.roles].map(([arn, who]) => [arn, isOfPeople(arn) ? role(arn, who) : who])),
    serviceControl: new Map(
      [...world.serviceControl].map(([account, policies]) => [account, policiesOf(policies)]),
    ),
  };
}

const sameOr = <T>(before: readonly T[], after: readonly T[]): readonly T[] =>
  after.every((each, index) => each === before[index]) ? before : after;
