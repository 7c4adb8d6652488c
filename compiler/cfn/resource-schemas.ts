/**
 * The schemas of CloudFormation's resource types: what properties each has, and of what type. The build writes them as
 * text, a line for each type in the order of their names, so that only the lines that are asked for are parsed.
 */

export type ScalarType = "string" | "number" | "integer" | "boolean" | "date-time";

/** The type of a property: a scalar, any JSON, a tag, a list of the one type in brackets, or one of the others. */
export type PropertyType =
  | ScalarType
  | "json"
  | "tag"
  | readonly [PropertyType]
  | { readonly type: ScalarType; readonly values: readonly (string | number)[] }
  | { readonly map: PropertyType }
  /** By its name in the definitions of the resource type. */
  | { readonly object: string }
  | { readonly either: readonly PropertyType[] };

export const isListType = (type: PropertyType): type is readonly [PropertyType] => Array.isArray(type);

export interface ObjectSchema {
  readonly properties: Readonly<Record<string, PropertyType>>;
  readonly required?: readonly string[];
}

export interface ResourceSchema extends ObjectSchema {
  /** The properties that CloudFormation changes only by replacing the resource, whatever the change. */
  readonly createOnly?: readonly string[];
  /** What `Fn::GetAtt` gives; AWS decides it. */
  readonly attributes: readonly string[];
  /** Its objects, by name. */
  readonly definitions: Readonly<Record<string, ObjectSchema>>;
}

/** A line of the text. */
export const schemaLine = (type: string, schema: ResourceSchema): string =>
  `${type} ${JSON.stringify(schema)}\n`;

export class ResourceSchemas {
  readonly #read: () => string;
  #text: string | undefined;
  readonly #known = new Map<string, ResourceSchema | undefined>();

  /** @param read gives the text as the build writes it: a line that says where they are from, then the types */
  constructor(read: () => string) {
    this.#read = read;
  }

  /** The schema of a resource type; undefined where there is no such type. */
  of(type: string): ResourceSchema | undefined {
    if (!this.#known.has(type)) this.#known.set(type, this.#find(type));
    return this.#known.get(type);
  }

  /** The names of all resource types. */
  types(): string[] {
    return [...this.#lines().matchAll(/^(\S+) \{/gm)].map(([, type = ""]) => type);
  }

  #find(type: string): ResourceSchema | undefined {
    const text = this.#lines();
    const head = `\n${type} {`;
    const start = text.indexOf(head);
    if (start < 0) return undefined;
    const from = start + head.length - 1;
    return JSON.parse(text.slice(from, text.indexOf("\n", from))) as ResourceSchema;
  }

  #lines(): string {
    this.#text ??= this.#read();
    return this.#text;
  }
}
