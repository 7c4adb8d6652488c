/** Users, roles and organization policies of a compiled spec, as moto's evaluator finds them in the templates. */

import { everyTemplate } from "../../cli/lint.ts";
import { allAccounts } from "../../compiler/architecture.ts";
import { templateFile } from "../../compiler/output.ts";
import { type ResolveRequest, resolveTemplates } from "../python/resolve.ts";
import { installedTools, runTool, script } from "../python/tools.ts";
import type { Result } from "../support/compile.ts";

export interface Policy {
  readonly name: string;
  readonly policy: unknown;
}

/** A user or a role, and what its own policies say. */
export interface Identity {
  readonly account: string;
  readonly policies: readonly Policy[];
}

export interface Role extends Identity {
  readonly trust: unknown;
  readonly boundary: Policy | undefined;
  readonly sessionSeconds: number | undefined;
}

export interface World {
  /** The ids of the accounts, by name. */
  readonly accounts: ReadonlyMap<string, string>;
  /** By ARN. */
  readonly users: ReadonlyMap<string, Identity>;
  /** By ARN. */
  readonly roles: ReadonlyMap<string, Role>;
  /** Service control policies that are attached, by account. */
  readonly serviceControl: ReadonlyMap<string, readonly Policy[]>;
  /** Buckets and secrets with policies of their own, by ARN; that of a secret without what AWS appends. */
  readonly guarded: ReadonlyMap<string, Guarded>;
}

/** What says itself who may come to it. */
export interface Guarded {
  readonly account: string;
  readonly policy: unknown;
}

interface Resource {
  readonly Type: string;
  // biome-ignore lint/suspicious/noExplicitAny: what a template says, of whatever type
  readonly Properties: any;
}

/** The stack set or bootstrap stack of an account, by logical ID. */
type Resources = Readonly<Record<string, Resource>>;

/** Templates that have people in them, what people act by, or what admits them or does not. */
const TEMPLATES = [
  "people",
  "roles",
  "organization",
  "bootstrap-administration",
  "bootstrap-execution",
  "log-archive",
  "vpn",
];

export async function worldOf({ assembly, files, architecture }: Result): Promise<World> {
  const requests: ResolveRequest[] = everyTemplate(assembly)
    .filter(({ name }) => TEMPLATES.includes(name))
    .flatMap(({ name, targets }) =>
      targets.map(({ account, region }) => ({
        template: files.get(templateFile(name)) as string,
        account: account.id,
        region,
      })),
    );
  const resolved = await resolveTemplates(requests);
  const stacks = resolved.map(({ resources }, index) => ({
    account: (requests[index] as ResolveRequest).account,
    region: (requests[index] as ResolveRequest).region,
    resources: resources as Resources,
  }));
  const managed = await managedPolicies();
  return {
    accounts: new Map(allAccounts(architecture.spec).map(({ name, id }) => [name, id])),
    users: new Map(stacks.flatMap(({ account, resources }) => usersIn(account, resources))),
    roles: new Map(stacks.flatMap(({ account, resources }) => rolesIn(account, resources, managed))),
    serviceControl: serviceControlIn(stacks.flatMap(({ resources }) => Object.values(resources))),
    guarded: new Map(
      stacks.flatMap(({ account, region, resources }) => [
        ...bucketsIn(account, resources),
        ...secretsIn(account, region, resources),
      ]),
    ),
  };
}

type Managed = Readonly<Record<string, unknown>>;

async function managedPolicies(): Promise<Managed> {
  const args = ["-BE", script("managed_policies.py"), "AdministratorAccess", "ViewOnlyAccess"];
  const { code, stdout, stderr } = await runTool(installedTools().python, args);
  if (code !== 0) throw new Error(stderr);
  return JSON.parse(stdout);
}

function usersIn(account: string, resources: Resources): [string, Identity][] {
  return ofType(resources, "AWS::IAM::User").map(({ Properties }) => {
    const { UserName, Groups = [] } = Properties;
    const policies = Groups.flatMap((group: { Ref: string }) => {
      const { ManagedPolicyArns, Policies = [] } = (resources[group.Ref] as Resource).Properties;
      return [
        ...ManagedPolicyArns.map((policy: { Ref: string }) => ownPolicy(resources, policy.Ref)),
        ...Policies.map(inline),
      ];
    });
    return [`arn:aws:iam::${account}:user/${UserName}`, { account, policies }];
  });
}

function rolesIn(account: string, resources: Resources, managed: Managed): [string, Role][] {
  return ofType(resources, "AWS::IAM::Role").map(({ Properties }) => {
    const { RoleName, PermissionsBoundary, ManagedPolicyArns = [], Policies = [] } = Properties;
    const ofAws = ManagedPolicyArns.map((arn: string) => {
      const name = String(arn.split("/").at(-1));
      if (!managed[name]) throw new Error(`the policy ${name} is not known`);
      return { name, policy: managed[name] };
    });
    return [
      `arn:aws:iam::${account}:role/${RoleName}`,
      {
        account,
        policies: [...ofAws, ...Policies.map(inline)],
        trust: Properties.AssumeRolePolicyDocument,
        boundary: PermissionsBoundary && ownPolicy(resources, PermissionsBoundary.Ref),
        sessionSeconds: Properties.MaxSessionDuration,
      },
    ];
  });
}

function serviceControlIn(resources: readonly Resource[]): Map<string, Policy[]> {
  const found = new Map<string, Policy[]>();
  for (const { Type, Properties } of resources) {
    if (Type !== "AWS::Organizations::Policy" || Properties.Type !== "SERVICE_CONTROL_POLICY") continue;
    for (const target of Properties.TargetIds) {
      const policy = { name: Properties.Name, policy: Properties.Content };
      found.set(target, [...(found.get(target) ?? []), policy]);
    }
  }
  return found;
}

function bucketsIn(account: string, resources: Resources): [string, Guarded][] {
  return ofType(resources, "AWS::S3::BucketPolicy").map(({ Properties }) => {
    const { Ref: id } = Properties.Bucket;
    const arn = `arn:aws:s3:::${resources[id]?.Properties.BucketName}`;
    // What only a deployed bucket has stays a function, and within a text the text of one.
    const symbol = `{"Fn::GetAtt": ["${id}", "Arn"]}`;
    const policy = JSON.stringify(Properties.PolicyDocument)
      .replaceAll(JSON.stringify(JSON.parse(symbol)), JSON.stringify(arn))
      .replaceAll(JSON.stringify(symbol).slice(1, -1), arn);
    return [arn, { account, policy: JSON.parse(policy) }];
  });
}

function secretsIn(account: string, region: string, resources: Resources): [string, Guarded][] {
  return ofType(resources, "AWS::SecretsManager::ResourcePolicy").map(({ Properties }) => {
    const { Name } = (resources[Properties.SecretId.Ref] as Resource).Properties;
    const arn = `arn:aws:secretsmanager:${region}:${account}:secret:${Name}`;
    return [arn, { account, policy: Properties.ResourcePolicy }];
  });
}

const ofType = (resources: Resources, type: string): Resource[] =>
  Object.values(resources).filter(({ Type }) => Type === type);

const ownPolicy = (resources: Resources, logicalId: string): Policy => ({
  name: logicalId,
  policy: resources[logicalId]?.Properties.PolicyDocument,
});

const inline = ({ PolicyName, PolicyDocument }: { PolicyName: string; PolicyDocument: unknown }): Policy => ({
  name: PolicyName,
  policy: PolicyDocument,
});
