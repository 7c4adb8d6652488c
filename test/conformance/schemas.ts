/** The current resource schemas of CloudFormation, as AWS's CDK reads them. Loading takes half a second, once. */
import { loadAwsServiceSpecSync } from "@aws-cdk/aws-service-spec";
import type { PropertyType, Resource, TypeDefinition } from "@aws-cdk/service-spec-types";

const database = loadAwsServiceSpecSync();

/** The schema of a resource type; undefined where there is no such type. */
export const resourceSchema = (type: string): Resource | undefined =>
  database.lookup("resource", "cloudFormationType", "equals", type)[0];

/** The type of a nested object. */
export const definitionOf = (type: Extract<PropertyType, { type: "ref" }>): TypeDefinition =>
  database.get("typeDefinition", type.reference);

/** Every resource type there is, for suggestions. */
export const resourceTypes = (): string[] => database.all("resource").map((each) => each.cloudFormationType);
