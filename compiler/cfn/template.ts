/** A CloudFormation template as data, in CloudFormation's own words, before it is printed. */
import type { PlainObject, Scalar, Value } from "./values.ts";

/** What CloudFormation does with the real thing when its resource leaves the template or is replaced. */
export type RetentionPolicy = "Delete" | "Retain" | "RetainExceptOnCreate" | "Snapshot";

/** One resource. What is not in `Properties` must be a literal in a template without a transform. */
export interface TemplateResource {
  readonly Type: string;
  readonly Condition?: string;
  readonly DependsOn?: readonly string[];
  readonly DeletionPolicy?: RetentionPolicy;
  readonly UpdateReplacePolicy?: RetentionPolicy;
  readonly UpdatePolicy?: PlainObject;
  readonly Properties: PlainObject;
}

/** A template parameter; ours are all SSM-typed and have the SSM parameter's name as default. */
export interface TemplateParameter {
  readonly Type: string;
  readonly Description?: string;
  readonly Default: Scalar;
}

/** What a template of one's own gives back; ours publish SSM parameters instead. */
export interface TemplateOutput {
  readonly Condition?: string;
  readonly Value: Value;
}

/** A row of a mapping: what one placement gets, by column. */
export type Row = Readonly<Record<string, Value>>;

/** A template: sections are absent where they would be empty, or where a template of one's own does without. */
export interface Template {
  readonly AWSTemplateFormatVersion?: "2010-09-09" | undefined;
  readonly Description?: string | undefined;
  readonly Metadata?: PlainObject;
  readonly Rules?: PlainObject;
  readonly Parameters?: Readonly<Record<string, TemplateParameter>>;
  readonly Mappings?: Readonly<Record<string, Readonly<Record<string, Row>>>>;
  readonly Conditions?: Readonly<Record<string, Value>>;
  readonly Resources: Readonly<Record<string, TemplateResource>>;
  readonly Outputs?: Readonly<Record<string, TemplateOutput>>;
}
