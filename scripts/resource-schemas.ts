/** Makes the text of the resource schemas of AWS's CDK, which take half a second and 176 MB to load. */
import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import type { loadAwsServiceSpecSync } from "@aws-cdk/aws-service-spec";
import type { PropertyType as SourceType, TypeDefinition } from "@aws-cdk/service-spec-types";
import {
  type ObjectSchema,
  type PropertyType,
  type ResourceSchema,
  type ScalarType,
  schemaLine,
} from "../compiler/cfn/resource-schemas.ts";

type Database = ReturnType<typeof loadAwsServiceSpecSync>;
type SourceProperties = TypeDefinition["properties"];

const PACKAGE = "node_modules/@aws-cdk/aws-service-spec/package.json";

/** Writes the schemas, unless they are there as this file would make them of the package as it is installed. */
export async function writeResourceSchemas(file: string): Promise<void> {
  const { name, version } = JSON.parse(readFileSync(PACKAGE, "utf8")) as Record<string, string>;
  const made = createHash("sha256")
    .update(readFileSync("scripts/resource-schemas.ts"))
    .digest("hex")
    .slice(0, 8);
  const head = `# ${name} ${version}, ${made}\n`;
  if (existsSync(file) && readFileSync(file, "utf8").startsWith(head)) return;
  const { loadAwsServiceSpecSync: load } = await import("@aws-cdk/aws-service-spec");
  writeFileSync(file, head + linesOf(load()));
}

function linesOf(database: Database): string {
  return database
    .all("resource")
    .filter(({ cloudFormationTransform }) => cloudFormationTransform === undefined)
    .map(({ cloudFormationType, properties, attributes }) => {
      const definitions = new Definitions(database);
      const own = definitions.objectOf(properties);
      const createOnly = createOnlyOf(properties);
      return schemaLine(cloudFormationType, {
        ...own,
        ...(createOnly.length > 0 && { createOnly }),
        attributes: Object.keys(attributes).toSorted(),
        definitions: definitions.byName,
      });
    })
    .toSorted()
    .join("");
}

const createOnlyOf = (properties: SourceProperties): string[] =>
  Object.entries(properties)
    .filter(([, { causesReplacement }]) => causesReplacement === "yes")
    .map(([name]) => name)
    .toSorted();

/** The definitions of one resource type, found on the way through its properties. */
class Definitions {
  readonly byName: Record<string, ResourceSchema["definitions"][string]> = {};
  readonly #database: Database;
  readonly #ids = new Map<string, string>();

  constructor(database: Database) {
    this.#database = database;
  }

  objectOf(source: SourceProperties): ObjectSchema {
    const entries = Object.entries(source).toSorted(([a], [b]) => (a < b ? -1 : 1));
    const required = entries.filter(([, property]) => property.required).map(([name]) => name);
    return {
      properties: Object.fromEntries(entries.map(([name, { type }]) => [name, this.#typeOf(type)])),
      ...(required.length > 0 && { required }),
    };
  }

  #typeOf(source: SourceType): PropertyType {
    switch (source.type) {
      case "array":
        return [this.#typeOf(source.element)];
      case "map":
        return { map: this.#typeOf(source.element) };
      case "union":
        return { either: source.types.map((type) => this.#typeOf(type)) };
      case "ref":
        return { object: this.#define(this.#database.get("typeDefinition", source.reference)) };
      case "json":
      case "tag":
        return source.type;
      default:
        return scalarOf(source);
    }
  }

  #define({ $id, name, properties }: TypeDefinition): string {
    const known = this.#ids.get(name);
    if (known === undefined) {
      // It is there before its properties are: it may be among them.
      this.#ids.set(name, $id);
      this.byName[name] = this.objectOf(properties);
    } else if (known !== $id) throw new Error(`two definitions of one resource type have the name ${name}`);
    return name;
  }
}

function scalarOf(source: SourceType): PropertyType {
  const type = source.type as ScalarType;
  const values = "allowedValues" in source ? (source.allowedValues as readonly string[]) : undefined;
  return values ? { type, values } : type;
}
