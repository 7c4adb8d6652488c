/** The stack of one placement while a component builds it: resources, references to them, published outputs. */
import type { Placement, Target } from "./architecture.ts";
import type { AttributeOf, PropertiesOf, ResourceType } from "./cfn/resources.ts";
import type { RetentionPolicy } from "./cfn/template.ts";
import type { UpdatePolicy } from "./cfn/update-policy.ts";
import {
  accountId,
  type Expression,
  Import,
  isList,
  join,
  type Location,
  mapExpressions,
  type Output,
  type PlainObject,
  partition,
  Readers,
  Reference,
  region,
  sub,
  type Value,
} from "./cfn/values.ts";
import { Invariant } from "./invariant.ts";
import { pascalCase } from "./names.ts";
import type { SpecPath } from "./path.ts";

/**
 * Why some placements have a resource and others do not. Resources that share a part share one condition,
 * `Has<name>`; a part within others implies them.
 */
export interface Part {
  readonly name: string;
  readonly own: boolean;
  readonly present: boolean;
  readonly within: readonly Part[];
}

/** A resource as one placement has it, or would have it: see `part`. */
export interface Resource {
  readonly logicalId: string;
  readonly type: ResourceType;
  readonly properties: PlainObject;
  readonly dependsOn: readonly string[];
  readonly deletionPolicy?: RetentionPolicy;
  readonly updateReplacePolicy?: RetentionPolicy;
  readonly updatePolicy?: PlainObject;
  /**
   * Absent: always there. Present or not, the resource is built, since its values fill the placement's row in the
   * mapping: CloudFormation resolves `Fn::FindInMap` even in a resource whose condition is false.
   */
  readonly part?: Part;
  /** Where in the spec it comes from. */
  readonly from: SpecPath;
  readonly follows?: Following;
  /** Where in the spec properties are decided that must not change: see `ResourceOptions.decidedBy`. */
  readonly decidedBy?: Readonly<Record<string, SpecPath>>;
  /** What the spec says over it, weakest first; absent where nothing. */
  readonly overrides?: readonly ResourceOverride[];
}

/** Properties of a resource that say what another one is made of, and must go on doing so when that is overridden. */
export interface Following {
  /** The other's logical ID; it stands before the one that follows it. */
  readonly logicalId: string;
  properties(other: PlainObject): PlainObject;
}

/** An override of a resource. */
export interface ResourceOverride {
  /** Where in the spec it stands. */
  readonly path: SpecPath;
  /** The environment it is for, if not for all. */
  readonly environment?: string;
  /** The properties it is about, by their names at the top. */
  readonly properties: readonly string[];
}

/** The concrete stack of one stack set in one placement. */
export interface ConcreteStack {
  readonly stackSet: string;
  readonly description: string;
  readonly resources: readonly Resource[];
  /** Stack sets that are deployed before this one although no value is read from them, where there are such. */
  readonly after?: readonly string[];
  /** Outputs of others that are there for it, whether or not one of its resources reads them: see `Stack.expects`. */
  readonly expected?: readonly Output[];
  /** It reads values of other accounts, which must share them with its own: see `Stack.importFrom`. */
  readonly isReader?: true;
  /** What must be in the artifact bucket of its Region before it is deployed, by key. */
  readonly artifacts?: readonly string[];
  /** Where it goes, if not to the placement's own account and Region: what environments need in another account. */
  readonly target?: StackTarget;
}

export type StackTarget = Target & Pick<Placement, "serves">;

/** A resource as component code holds it. */
export class Handle<T extends ResourceType> {
  readonly logicalId: string;
  /** What `Ref` returns for this type. */
  readonly ref: Reference;

  constructor(logicalId: string) {
    this.logicalId = logicalId;
    this.ref = new Reference(logicalId);
  }

  /** The attribute's value, by `Fn::GetAtt`. */
  att(attribute: AttributeOf<T>): Reference {
    return new Reference(this.logicalId, attribute);
  }
}

/** What a resource may say besides its properties. */
export interface ResourceOptions {
  readonly part?: Part;
  readonly dependsOn?: readonly Handle<ResourceType>[];
  /**
   * What it holds must survive it: it stays when it leaves the template or is replaced, though not when its very
   * creation is rolled back, which would leave its name taken for the next try.
   */
  readonly retain?: true;
  /** What it holds survives it in a final snapshot, for the types whose resources CloudFormation can take one of. */
  readonly snapshot?: true;
  /** It holds nothing that is not elsewhere, and goes with what it belongs to. */
  readonly expendable?: true;
  /** How CloudFormation changes it, for the types that let one choose. */
  readonly updatePolicy?: UpdatePolicy;
  readonly follows?: Following;
  /**
   * The properties whose change would replace it and what is in it, each with the component's own key that decides
   * it. The ledger keeps what these keys say, and overrides leave such a property alone.
   */
  readonly decidedBy?: Readonly<Record<string, string>>;
  /** The spec path it comes from, below the component's own; the component's own by default. */
  readonly from?: SpecPath;
}

/** Collects the resources of one stack. It lives only during one component's build. */
export class Stack {
  readonly #name: string;
  readonly #stackSet: string;
  readonly #description: string;
  readonly #from: SpecPath;
  readonly #resources: Resource[] = [];
  readonly #logicalIds = new Set<string>();
  readonly #after: string[] = [];
  readonly #expected: Output[] = [];
  #isReader = false;
  readonly #artifacts: string[] = [];
  /** What it publishes, by name. */
  readonly #published = new Map<string, Value>();

  /**
   * @param name the spec's name, the first part of every SSM parameter's name
   * @param from the spec path of the component
   */
  constructor(name: string, stackSet: string, description: string, from: SpecPath) {
    this.#name = name;
    this.#stackSet = stackSet;
    this.#description = description;
    this.#from = from;
  }

  get stackSet(): string {
    return this.#stackSet;
  }

  get specName(): string {
    return this.#name;
  }

  /** Adds a resource and returns what refers to it. */
  add<T extends ResourceType>(
    type: T,
    logicalId: string,
    properties: PropertiesOf<T>,
    options: ResourceOptions = {},
  ): Handle<T> {
    if (this.#logicalIds.has(logicalId))
      throw new Invariant(`${this.#stackSet} has two resources ${logicalId}`);
    this.#logicalIds.add(logicalId);
    this.#resources.push({
      logicalId,
      type,
      // Interfaces have no index signature; what cloudform's property types allow are values.
      properties: properties as unknown as PlainObject,
      dependsOn: options.dependsOn?.map((handle) => handle.logicalId) ?? NOTHING,
      ...policiesOf(options),
      ...(options.updatePolicy && { updatePolicy: options.updatePolicy as unknown as PlainObject }),
      ...(options.part && { part: options.part }),
      ...(options.follows && { follows: options.follows }),
      ...(options.decidedBy && { decidedBy: this.#pathsOf(options.decidedBy) }),
      from: options.from ?? this.#from,
    });
    return new Handle(logicalId);
  }

  #pathsOf(keys: Readonly<Record<string, string>>): Record<string, SpecPath> {
    return Object.fromEntries(
      Object.entries(keys).map(([property, key]) => [property, [...this.#from, key]]),
    );
  }

  /** Publishes a declared output as an SSM parameter; a list is published as a `StringList`. */
  publish(
    output: Output,
    value: Expression | string | readonly Value[],
    options: Pick<ResourceOptions, "part" | "from"> = {},
  ): void {
    this.#published.set(output.name, value);
    const id = pascalCase(output.name);
    const parameter = this.add(
      "AWS::SSM::Parameter",
      `${id}Parameter`,
      {
        Name: parameterName(this.#name, output),
        Description: output.description,
        Type: output.type.startsWith("List<") ? "StringList" : "String",
        ...(output.shared && { Tier: "Advanced" }),
        Value: isList(value) ? join(",", value) : value,
      },
      options,
    );
    if (output.shared) {
      // The accounts are of one organization, which has sharing enabled: no invitation has to be accepted.
      this.add(
        "AWS::RAM::ResourceShare",
        `${id}Share`,
        {
          Name: `${this.#name}-${output.stackSet}-${output.name}`,
          AllowExternalPrincipals: false,
          Principals: new Readers(output),
          ResourceArns: [sub`arn:${partition}:ssm:${region}:${accountId}:parameter${parameter.ref}`],
        },
        options,
      );
    }
  }

  /** A value as this stack has it: what itself has published it need not import. */
  local<T extends Value>(value: T): T {
    return mapExpressions(value, (expression) => {
      if (!(expression instanceof Import) || expression.output.stackSet !== this.#stackSet) return expression;
      const own = this.#published.get(expression.output.name);
      if (own === undefined)
        throw new Invariant(`${this.#stackSet} does not publish ${expression.output.name}`);
      return own;
    }) as T;
  }

  /** Has a stack set deployed before this one, of which no value is read: something in the world must be there. */
  after(stackSet: string): void {
    this.#after.push(stackSet);
  }

  /**
   * Says that another's output is there for this stack too, even if none of its resources reads it. What every stack of
   * a set reads or expects can be a template parameter; a list can be had in no other way.
   */
  expects(output: Output): void {
    this.#expected.push(output);
  }

  /** The value that a stack published in another account, which then shares it with this stack's. */
  importFrom(owner: Location, output: Output): Import {
    this.#isReader = true;
    return new Import(output, owner);
  }

  /**
   * Has something put into the artifact bucket of its Region before the stack is deployed.
   *
   * @param key begins with what it is of, and ends with the digest of its content
   */
  requires(key: string): void {
    this.#artifacts.push(key);
  }

  /**
   * The finished stack.
   *
   * @param target where it goes, if not to the placement's own account and Region
   */
  build(target?: StackTarget): ConcreteStack {
    return {
      stackSet: this.#stackSet,
      description: this.#description,
      resources: this.#resources,
      ...(this.#after.length > 0 && { after: this.#after }),
      ...(this.#expected.length > 0 && { expected: this.#expected }),
      ...(this.#isReader && { isReader: true }),
      ...(this.#artifacts.length > 0 && { artifacts: this.#artifacts }),
      ...(target && { target }),
    };
  }
}

const NOTHING: readonly string[] = [];

function policiesOf({
  retain,
  snapshot,
  expendable,
}: ResourceOptions): Pick<Resource, "deletionPolicy" | "updateReplacePolicy"> {
  if (retain) return { deletionPolicy: "RetainExceptOnCreate", updateReplacePolicy: "Retain" };
  if (snapshot) return { deletionPolicy: "Snapshot", updateReplacePolicy: "Snapshot" };
  return expendable ? { deletionPolicy: "Delete", updateReplacePolicy: "Delete" } : {};
}

/** The name of the SSM parameter an output is published under, in every account alike. */
export function parameterName(specName: string, output: Output): string {
  return `/${specName}/${output.stackSet}/${output.name}`;
}

/**
 * @param own whether the part's own reason holds; `true` in every placement for a part that only joins others
 * @param within the parts it lies within: it is present only where they all are
 */
export const part = (name: string, own: boolean, ...within: Part[]): Part => ({
  name,
  own,
  present: own && within.every((outer) => outer.present),
  within,
});
