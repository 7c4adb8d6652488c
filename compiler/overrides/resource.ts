/** One resource in one placement under what the spec says over it. */
import { conform } from "../cfn/conform.ts";
import type { Mistake } from "../cfn/property-mistakes.ts";
import { type ReadCall, type ReportAt, UNKNOWN } from "../cfn/read-value.ts";
import type { ResourceSchemas } from "../cfn/resource-schemas.ts";
import { closest, quoteList } from "../closest.ts";
import { type Diagnostic, inSpec, type Report } from "../diagnostics.ts";
import type { SpecPath } from "../path.ts";
import type { Json } from "../schema.ts";
import type { ConcreteStack, Resource } from "../stack.ts";
import { valueAt } from "../validate/findings.ts";
import { showName } from "../wording.ts";
import type { Layer, ResourceLayer } from "./layers.ts";
import { mergeOver } from "./merge.ts";
import { checkReplacing } from "./replacing.ts";

/** What it takes to override a resource of a stack. */
export interface Context {
  readonly specName: string;
  readonly stack: ConcreteStack;
  readonly schemas: ResourceSchemas;
  readonly readCall: ReadCall;
  readonly reportAt: ReportAt;
  readonly report: Report;
}

/** A layer over one resource. */
export interface OwnLayer extends ResourceLayer {
  readonly path: SpecPath;
  readonly environment?: string;
}

/** @param layers those over its stack, weakest first */
export function overrideResource(resource: Resource, layers: readonly Layer[], context: Context): Resource {
  const own = layers.flatMap(({ path, environment, resources }): OwnLayer[] => {
    const layer = resources.get(resource.logicalId);
    if (!layer) return [];
    return [
      { ...layer, path: [...path, resource.logicalId], ...(environment !== undefined && { environment }) },
    ];
  });
  if (own.length === 0) return resource;
  for (const layer of own) checkPublished(resource, layer, context);
  const dependsOn = own.flatMap((layer) => dependenciesOf(resource, layer, context));
  const properties = propertiesOf(resource, own, context);
  for (const layer of own) checkReplacing(resource, properties, layer, context);
  const { updatePolicy: _, ...rest } = resource;
  return {
    ...rest,
    ...policiesOf(own),
    ...updatePolicyOf(resource, own, context),
    dependsOn: [...new Set([...resource.dependsOn, ...dependsOn])],
    properties,
    overrides: own.map(({ path, environment, Properties = {} }) => ({
      path,
      ...(environment !== undefined && { environment }),
      properties: Object.keys(Properties).toSorted(),
    })),
  };
}

function propertiesOf(
  resource: Resource,
  layers: readonly OwnLayer[],
  context: Context,
): Resource["properties"] {
  const merged = layers.reduce(
    (base, { path, Properties = {} }) =>
      mergeOver(base, Properties, [...path, "Properties"], context.readCall, context.reportAt),
    resource.properties,
  );
  const schema = context.schemas.of(resource.type);
  if (!schema) return merged;
  const { properties, mistakes } = conform(merged, resource.type, schema);
  for (const mistake of mistakes) {
    const at = placeOf(mistake, layers);
    if (at) context.report({ ...withoutPath(mistake), at });
  }
  return properties;
}

const withoutPath = ({ code, message, help }: Mistake): Diagnostic => ({
  code,
  message,
  ...(help && { help }),
});

/** Where an override makes a mistake: in the strongest layer that says something there; undefined where none does. */
function placeOf({ path, part, missing }: Mistake, layers: readonly OwnLayer[]): Diagnostic["at"] {
  for (const layer of layers.toReversed()) {
    const says = (at: SpecPath) => valueAt(layer.Properties as Json, at) !== undefined;
    const removed = missing === undefined ? undefined : [...path, missing];
    const at = removed && says(removed) ? removed : path;
    if (layer.Properties && says(at)) return inSpec([...layer.path, "Properties", ...at], part);
  }
  return undefined;
}

/** The strongest layer decides. */
function policiesOf(layers: readonly OwnLayer[]): Pick<Resource, "deletionPolicy" | "updateReplacePolicy"> {
  const deletionPolicy = layers.findLast((layer) => layer.DeletionPolicy)?.DeletionPolicy;
  const updateReplacePolicy = layers.findLast((layer) => layer.UpdateReplacePolicy)?.UpdateReplacePolicy;
  return { ...(deletionPolicy && { deletionPolicy }), ...(updateReplacePolicy && { updateReplacePolicy }) };
}

/** A literal, as all that stands beside the properties. */
function updatePolicyOf(
  { updatePolicy = {} }: Resource,
  layers: readonly OwnLayer[],
  { reportAt }: Context,
): Pick<Resource, "updatePolicy"> {
  const refuse: ReadCall = (name, _, path) => {
    const message = `${showName(name)} can't stand in \`UpdatePolicy\`, which is a literal in the template`;
    reportAt(path, { code: "unfit-function", message });
    return UNKNOWN;
  };
  const merged = layers.reduce(
    (base, { path, UpdatePolicy = {} }) =>
      mergeOver(base, UpdatePolicy, [...path, "UpdatePolicy"], refuse, reportAt),
    updatePolicy,
  );
  return Object.keys(merged).length > 0 ? { updatePolicy: merged } : {};
}

/** They come to those there are, which the compiler has for a reason. */
function dependenciesOf(
  { logicalId }: Resource,
  { path, DependsOn = [] }: OwnLayer,
  { stack, report }: Context,
): readonly string[] {
  const known = stack.resources.map((resource) => resource.logicalId).filter((id) => id !== logicalId);
  DependsOn.forEach((target, index) => {
    if (known.includes(target)) return;
    const near = closest(target, known);
    report({
      code: "unknown-name",
      message: `\`${stack.stackSet}\` has no resource ${showName(target)} that this could come after`,
      help: near ? `did you mean \`${near}\`?` : `there are ${quoteList(known)}`,
      at: inSpec([...path, "DependsOn", index]),
    });
  });
  return DependsOn;
}

/** What other stacks find a published value by. */
const FOUND_BY = ["Name", "Tier", "Type"];

function checkPublished(
  { type, properties }: Resource,
  { path, Properties = {} }: OwnLayer,
  context: Context,
): void {
  const { specName, stack, report } = context;
  const { Name } = properties;
  if (type !== "AWS::SSM::Parameter" || typeof Name !== "string") return;
  if (!Name.startsWith(`/${specName}/${stack.stackSet}/`)) return;
  for (const key of FOUND_BY) {
    if (!Object.hasOwn(Properties, key)) continue;
    report({
      code: "unfit-key",
      message: `\`${key}\` of \`${Name}\` can't be overridden: other stacks find the value by it`,
      help: "its `Value` can",
      at: inSpec([...path, "Properties", key], "key"),
    });
  }
}
