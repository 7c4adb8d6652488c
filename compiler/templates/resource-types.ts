/** The type of a resource in a template of one's own. */
import { NO_TRANSFORM, type ReportAt } from "../cfn/read-value.ts";
import type { ResourceSchemas } from "../cfn/resource-schemas.ts";
import { closest } from "../closest.ts";
import type { SpecPath } from "../path.ts";
import { showName } from "../wording.ts";

/** What can't be in a stack set of an organization, or is resolved by something that can't. */
const UNFIT: readonly (readonly [RegExp, string, string?])[] = [
  [
    /^AWS::CloudFormation::Stack$/,
    "is a nested stack",
    "stack sets of an organization take none: make a template of it, beside this one",
  ],
  [/^AWS::Serverless::/, "needs a transform"],
  [/::MODULE$/, "is a module, which a transform would have to resolve"],
];

/** Types whose properties are somebody else's: custom resources, and what is registered in an account. */
export const isForeign = (type: string): boolean =>
  type === "AWS::CloudFormation::CustomResource" || !/^(AWS|Alexa)::/.test(type);

/**
 * A type that is not known may be younger than the schemas: that is a warning.
 *
 * @returns whether its properties can be checked
 */
export function checkType(type: string, path: SpecPath, schemas: ResourceSchemas, report: ReportAt): boolean {
  const unfit = UNFIT.find(([pattern]) => pattern.test(type));
  if (unfit) {
    const [, reason, help = NO_TRANSFORM] = unfit;
    report(path, { code: "unfit-template", message: `${showName(type)} ${reason}`, help });
    return false;
  }
  if (isForeign(type)) return false;
  if (schemas.of(type)) return true;
  const near = closest(type, schemas.types());
  report(path, {
    code: "unknown-name",
    severity: "warning",
    message: `${showName(type)} is no resource type that is known here, so nothing of it is checked`,
    help: near ? `did you mean \`${near}\`?` : "`landform lint` may know it",
  });
  return false;
}
