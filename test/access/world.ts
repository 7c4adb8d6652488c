/** Users, roles and organization policies of a compiled spec, as moto's evaluator finds them in the templates. */

import { everyTemplate } from "../../cli/lint.ts";
import { allAccounts } from "../../compiler/architecture.ts";
import { templateFile } from "../../compiler/output/files.ts";
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

interface Reference {
  readonly Ref: string;
}

interface InlinePolicy {
  readonly PolicyName: string;
  readonly PolicyDocument: unknown;
}

/** What is read of resources, by type. */
interface PropertiesOf {
  "AWS::IAM::User": { readonly UserName: string; readonly Groups?: readonly Reference[] };
  "AWS::IAM::Group": {
    readonly ManagedPolicyArns: readonly Reference[];
    readonly Policies?: readonly InlinePolicy[];
  };
  "AWS::IAM::ManagedPolicy": { readonly PolicyDocument: unknown };
  "AWS::IAM::Role": {
    readonly RoleName: string;
    readonly AssumeRolePolicyDocument: unknown;
    readonly MaxSessionDuration?: number;
    readonly PermissionsBoundary?: Reference;
    readonly ManagedPolicyArns?: readonly string[];
    readonly Policies?: readonly InlinePolicy[];
  };
  "AWS::Organizations::Policy": {
    readonly Name: string;
    readonly Type: string;
    readonly TargetIds: readonly string[];
    readonly Content: unknown;
  };
  "AWS::S3::Bucket": { readonly BucketName: string };
  "AWS::S3::BucketPolicy": { readonly Bucket: Reference; readonly PolicyDocument: unknown };
  "AWS::SecretsManager::Secret": { readonly Name: string };
  "AWS::SecretsManager::ResourcePolicy": { readonly SecretId: Reference; readonly ResourcePolicy: unknown };
}

interface Resource {
  readonly Type: string;
  readonly Properties: unknown;
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
    serviceControl: serviceControlIn(stacks.map(({ resources }) => resources)),
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
    const policies = Groups.flatMap(({ Ref: group }) => {
      const { ManagedPolicyArns, Policies = [] } = propertiesAt(resources, "AWS::IAM::Group", group);
      return [
        ...ManagedPolicyArns.map((policy) => ownPolicy(resources, policy.Ref)),
        ...Policies.map(inline),
      ];
    });
    return [`arn:aws:iam::${account}:user/${UserName}`, { account, policies }];
  });
}

function rolesIn(account: string, resources: Resources, managed: Managed): [string, Role][] {
  return ofType(resources, "AWS::IAM::Role").map(({ Properties }) => {
    const { RoleName, PermissionsBoundary, ManagedPolicyArns = [], Policies = [] } = Properties;
    const ofAws = ManagedPolicyArns.map((arn) => {
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

function serviceControlIn(stacks: readonly Resources[]): Map<string, Policy[]> {
  const found = new Map<string, Policy[]>();
  for (const { Properties } of stacks.flatMap((resources) =>
    ofType(resources, "AWS::Organizations::Policy"),
  )) {
    if (Properties.Type !== "SERVICE_CONTROL_POLICY") continue;
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
    const arn = `arn:aws:s3:::${propertiesAt(resources, "AWS::S3::Bucket", id).BucketName}`;
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
    const { Name } = propertiesAt(resources, "AWS::SecretsManager::Secret", Properties.SecretId.Ref);
    const arn = `arn:aws:secretsmanager:${region}:${account}:secret:${Name}`;
    return [arn, { account, policy: Properties.ResourcePolicy }];
  });
}

const ofType = <Type extends keyof PropertiesOf>(resources: Resources, type: Type) =>
  Object.values(resources)
    .filter(({ Type }) => Type === type)
    .map(({ Properties }) => ({ Properties: Properties as PropertiesOf[Type] }));

function propertiesAt<Type extends keyof PropertiesOf>(
  resources: Resources,
  type: Type,
  logicalId: string,
): PropertiesOf[Type] {
  const resource = resources[logicalId];
  if (resource?.Type !== type) throw new Error(`${logicalId} is no ${type}`);
  return resource.Properties as PropertiesOf[Type];
}

const ownPolicy = (resources: Resources, logicalId: string): Policy => ({
  name: logicalId,
  policy: propertiesAt(resources, "AWS::IAM::ManagedPolicy", logicalId).PolicyDocument,
});

const inline = ({ PolicyName, PolicyDocument }: InlinePolicy): Policy => ({
  name: PolicyName,
  policy: PolicyDocument,
});
