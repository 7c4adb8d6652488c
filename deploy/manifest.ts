/** What is to be deployed: the files of `generated/<name>/`, read as data. All that deploying knows of a spec is here. */
import { parse } from "yaml";

/** One stack that is wanted: an environment's place in an account and Region. */
export interface Target {
  readonly environment: string;
  /** The environments that need it, where it belongs to none alone; `environment` is the first of them. */
  readonly serves?: readonly string[];
  /** The account's name in the spec. */
  readonly account: string;
  /** Twelve digits. */
  readonly id: string;
  readonly region: string;
}

export interface Tag {
  readonly Key: string;
  readonly Value: string;
}

/** Settings of an operation, in the words of the API: https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_StackSetOperationPreferences.html */
export interface OperationPreferences {
  readonly RegionConcurrencyType: "SEQUENTIAL" | "PARALLEL";
  readonly FailureToleranceCount: number;
  readonly MaxConcurrentCount: number;
  readonly ConcurrencyMode: "STRICT_FAILURE_TOLERANCE" | "SOFT_FAILURE_TOLERANCE";
}

/** One stack set as it should be. */
export interface DesiredStackSet {
  /** Its name in the spec's terms, such as `network`. */
  readonly name: string;
  /** Its name in AWS, such as `acme-network`. */
  readonly stackSetName: string;
  readonly description: string;
  /** The template's text, byte for byte as it is uploaded. */
  readonly template: string;
  /** The stack sets that must be there before it. */
  readonly dependsOn: readonly string[];
  /** The keys of what its stacks take from the artifact bucket of their Region. */
  readonly artifacts: readonly string[];
  readonly capabilities: readonly string[];
  readonly tags: readonly Tag[];
  readonly administrationRoleArn: string;
  readonly executionRoleName: string;
  readonly preferences: OperationPreferences;
  readonly targets: readonly Target[];
}

/** One of the stacks that must be there before any stack set: roles and buckets. */
export interface BootstrapStack {
  readonly name: string;
  readonly stackName: string;
  /** The template's file name in the generated directory. */
  readonly file: string;
  readonly template: string;
  readonly capabilities: readonly string[];
  readonly tags: readonly Tag[];
  readonly targets: readonly Omit<Target, "environment" | "serves">[];
}

/** An account of the spec. */
export interface ManifestAccount {
  readonly name: string;
  readonly id: string;
  /** A closed account is kept out of everything. */
  readonly isClosed: boolean;
  /** The services whose role must be there before any stack set. */
  readonly serviceLinkedRoles: readonly string[];
}

export interface Manifest {
  readonly name: string;
  /** The Region the stack sets live in. */
  readonly home: string;
  /** The account they live in, and what deploying finds there. */
  readonly administration: {
    readonly account: string;
    readonly id: string;
    /** The role in each account that may look and change nothing. */
    readonly inspectionRole: string;
    /** The artifact buckets, by Region. */
    readonly artifacts: Readonly<Record<string, string>>;
  };
  readonly accounts: readonly ManifestAccount[];
  /** In the order they must be made in. */
  readonly bootstrap: readonly BootstrapStack[];
  /** Each after those it depends on. */
  readonly stackSets: readonly DesiredStackSet[];
  /** The names of the stack sets of each wave. */
  readonly waves: readonly (readonly string[])[];
  /** The spec path each resource comes from, by stack set and logical ID. */
  readonly provenance: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

/** The tag every stack set of a spec has, with the spec's name as value. */
export const SPEC_TAG = "landform:spec";
/** The tag with a stack set's name in the spec's terms. */
export const STACK_SET_TAG = "landform:stack-set";

/** `stacksets.yaml` as the compiler prints it. */
interface Document {
  readonly name: string;
  readonly home: string;
  readonly administration: Manifest["administration"];
  readonly accounts: Readonly<Record<string, AccountDocument>>;
  readonly bootstrap: Readonly<Record<string, BootstrapDocument>>;
  readonly waves: readonly (readonly string[])[];
  readonly stackSets: Readonly<Record<string, StackSetDocument>>;
}

interface AccountDocument {
  readonly id: string;
  readonly status: "active" | "closed";
  readonly serviceLinkedRoles?: readonly string[];
}

interface BootstrapDocument {
  readonly StackName: string;
  readonly template: string;
  readonly Capabilities: readonly string[];
  readonly Tags: readonly Tag[];
  readonly targets: BootstrapStack["targets"];
}

interface StackSetDocument {
  readonly StackSetName: string;
  readonly Description: string;
  readonly template: string;
  readonly dependsOn: readonly string[];
  readonly artifacts?: readonly string[];
  readonly Capabilities: readonly string[];
  readonly Tags: readonly Tag[];
  readonly AdministrationRoleARN: string;
  readonly ExecutionRoleName: string;
  readonly OperationPreferences: OperationPreferences;
  readonly targets: readonly Target[];
}

/**
 * Reads the generated files of one spec.
 *
 * @param files the text of each by file name, exactly as the compiler made them
 */
export function readManifest(files: ReadonlyMap<string, string>): Manifest {
  const document = parse(textOf(files, "stacksets.yaml")) as Document;
  const provenance = parse(textOf(files, "provenance.yaml")) as Manifest["provenance"];
  const { name, home, administration, waves } = document;
  return {
    name,
    home,
    administration,
    accounts: Object.entries(document.accounts).map(([account, own]) => ({
      name: account,
      id: own.id,
      isClosed: own.status === "closed",
      serviceLinkedRoles: own.serviceLinkedRoles ?? [],
    })),
    bootstrap: Object.entries(document.bootstrap).map(([stack, own]) => ({
      name: stack,
      stackName: own.StackName,
      file: own.template,
      template: textOf(files, own.template),
      capabilities: own.Capabilities,
      tags: own.Tags,
      targets: own.targets,
    })),
    stackSets: waves.flat().map((stackSet) => readStackSet(files, stackSet, document)),
    waves,
    provenance,
  };
}

function readStackSet(
  files: ReadonlyMap<string, string>,
  name: string,
  { stackSets }: Document,
): DesiredStackSet {
  const own = stackSets[name] as StackSetDocument;
  return {
    name,
    stackSetName: own.StackSetName,
    description: own.Description,
    template: textOf(files, own.template),
    dependsOn: own.dependsOn,
    artifacts: own.artifacts ?? [],
    capabilities: own.Capabilities,
    tags: own.Tags,
    administrationRoleArn: own.AdministrationRoleARN,
    executionRoleName: own.ExecutionRoleName,
    preferences: own.OperationPreferences,
    targets: own.targets,
  };
}

function textOf(files: ReadonlyMap<string, string>, file: string): string {
  const text = files.get(file);
  if (text === undefined) throw new Error(`the generated files lack ${file}`);
  return text;
}

/** The account of an id, where the spec has it. */
export const accountOf = ({ accounts }: Manifest, id: string): ManifestAccount | undefined =>
  accounts.find((account) => account.id === id);
