/** Overrides that would replace what holds data, by one that has none of it. */
import { UNKNOWN } from "../cfn/read-value.ts";
import { equal, type Value } from "../cfn/values.ts";
import { inSpec } from "../diagnostics.ts";
import type { Resource } from "../stack.ts";
import { showName, showPath } from "../wording.ts";
import type { Context, OwnLayer } from "./resource.ts";

/**
 * Reports the properties that a layer changes and that CloudFormation changes by replacing the resource: as an error
 * where the spec has a key for it, whose change the ledger would refuse.
 *
 * @param resource as it was built
 * @param properties those it has with all layers
 */
export function checkReplacing(
  resource: Resource,
  properties: Resource["properties"],
  { path, Properties = {} }: OwnLayer,
  { schemas, report }: Context,
): void {
  const { logicalId, type, decidedBy = {} } = resource;
  const createOnly = holdsData(resource) ? (schemas.of(type)?.createOnly ?? []) : [];
  for (const property of Object.keys(Properties)) {
    const after = properties[property];
    if (after === UNKNOWN || isSame(resource.properties[property], after)) continue;
    const decides = Object.hasOwn(decidedBy, property) ? decidedBy[property] : undefined;
    if (decides === undefined && !createOnly.includes(property)) continue;
    const what = `${showName(property)} of \`${logicalId}\``;
    const at = inSpec([...path, "Properties", property], "key");
    report(
      decides === undefined
        ? {
            code: "replaces-data",
            severity: "warning",
            message: `${what} counts only when that is made: where it is there already, a change of this replaces it by a new, empty one`,
            help: "once it is deployed, leave this as it is; what stays of the old one, `UpdateReplacePolicy` says",
            at,
          }
        : {
            code: "unfit-key",
            message: `${what} can't be overridden: another one would replace it and what is in it`,
            help: `it is for ${showPath(decides)} to say, which the ledger keeps from changing`,
            at,
          },
    );
  }
}

/** Whether what is in it is to survive it. */
const holdsData = ({ deletionPolicy = "Delete" }: Resource): boolean => deletionPolicy !== "Delete";

const isSame = (before: Value | undefined, after: Value | undefined): boolean =>
  before === undefined || after === undefined ? before === after : equal(before, after);
