/**
 * Properties against the schema of their resource type: names, types, allowed values, and what is required.
 *
 * A function passes where what it gives may stand. A scalar of another type than the schema's is taken for what
 * CloudFormation takes it for, which turns text into numbers and booleans and back.
 */
import type { SpecPath } from "../path.ts";
import {
  type Mistake,
  missingProperty,
  notAllowed,
  unknownProperty,
  wrongFunction,
  wrongType,
} from "./property-mistakes.ts";
import {
  isListType,
  type ObjectSchema,
  type PropertyType,
  type ResourceSchema,
  type ScalarType,
} from "./resource-schemas.ts";
import {
  Expression,
  equal,
  isExpression,
  isList,
  isNoValue,
  isObject,
  isScalar,
  type PlainObject,
  type Scalar,
  type Value,
} from "./values.ts";

/** @returns the properties with each scalar in the type that the schema has; and what is wrong with them */
export function conform(
  properties: PlainObject,
  type: string,
  schema: ResourceSchema,
): { readonly properties: PlainObject; readonly mistakes: readonly Mistake[] } {
  const conformer = new Conformer(schema);
  return {
    properties: conformer.object(properties, schema, type, []),
    mistakes: conformer.mistakes,
  };
}

class Conformer {
  readonly mistakes: Mistake[] = [];
  readonly #schema: ResourceSchema;

  constructor(schema: ResourceSchema) {
    this.#schema = schema;
  }

  /** @param owner what has these properties, for messages */
  object(object: PlainObject, schema: ObjectSchema, owner: string, path: SpecPath): PlainObject {
    for (const name of schema.required ?? []) {
      const value = Object.hasOwn(object, name) ? object[name] : undefined;
      if (value === undefined || isNoValue(value)) this.mistakes.push(missingProperty(name, owner, path));
    }
    return Object.fromEntries(
      Object.entries(object).map(([name, value]) => {
        const at = [...path, name];
        const type = Object.hasOwn(schema.properties, name) ? schema.properties[name] : undefined;
        if (type !== undefined) return [name, this.#value(value, type, at)];
        this.mistakes.push(unknownProperty(name, owner, schema, this.#schema, at));
        return [name, value];
      }),
    );
  }

  #value(value: Value, type: PropertyType, path: SpecPath): Value {
    if (isExpression(value)) return this.#expression(value, type, path);
    if (typeof type === "object" && "either" in type) return this.#either(value, type.either, path);
    // Any JSON is a map, a list or the text of one.
    if (type === "json" && (typeof value === "string" || !isScalar(value))) return value;
    if (isScalar(value)) return this.#scalar(value, type, path);
    if (isList(value) && isListType(type))
      return value.map((item, index) => this.#value(item, type[0], [...path, index]));
    const object = isObject(value) ? this.#objectOf(value, type, path) : undefined;
    if (object) return object;
    this.mistakes.push(wrongType(value, type, path));
    return value;
  }

  /** A map, a tag or an object of the definitions; undefined where the type is none of these. */
  #objectOf(value: PlainObject, type: PropertyType, path: SpecPath): PlainObject | undefined {
    if (type === "tag") return this.object(value, TAG, "a tag", path);
    if (typeof type !== "object" || isListType(type)) return undefined;
    if ("map" in type)
      return Object.fromEntries(
        Object.entries(value).map(([key, item]) => [key, this.#value(item, type.map, [...path, key])]),
      );
    if (!("object" in type)) return undefined;
    return this.object(value, this.#schema.definitions[type.object] as ObjectSchema, type.object, path);
  }

  #expression(value: Expression, type: PropertyType, path: SpecPath): Value {
    if (isNoValue(value)) return value;
    if (value.fn === "Fn::If" && isList(value.argument)) {
      const [condition, ...branches] = value.argument as readonly [Value, ...Value[]];
      const judged = branches.map((branch, index) =>
        this.#value(branch, type, [...path, "Fn::If", index + 1]),
      );
      return new Expression("Fn::If", [condition, ...judged]);
    }
    const gives = GIVES.find(({ functions }) => functions.includes(value.fn));
    if (gives && !gives.fits(type)) this.mistakes.push(wrongFunction(value.fn, gives.what, type, path));
    return value;
  }

  /** A value is of one of several types: of one that it is as it stands, else of the first that fits. */
  #either(value: Value, types: readonly PropertyType[], path: SpecPath): Value {
    const attempts = types.map((type) => {
      const conformer = new Conformer(this.#schema);
      return { value: conformer.#value(value, type, path), mistakes: conformer.mistakes };
    });
    const fitting = attempts.filter(({ mistakes }) => mistakes.length === 0);
    const best =
      fitting.find((attempt) => equal(attempt.value, value)) ??
      fitting[0] ??
      attempts.toSorted((a, b) => a.mistakes.length - b.mistakes.length)[0];
    this.mistakes.push(...(best?.mistakes ?? []));
    return best?.value ?? value;
  }

  #scalar(value: Scalar, type: PropertyType, path: SpecPath): Scalar {
    const { scalar, values } = scalarOf(type);
    // What a dynamic reference resolves to is text, which CloudFormation takes for what it wants.
    if (scalar && String(value).startsWith("{{resolve:")) return value;
    const taken = scalar && takenAs(value, scalar);
    if (taken === undefined) {
      this.mistakes.push(wrongType(value, type, path));
      return value;
    }
    if (values && !values.includes(taken as string | number)) {
      this.mistakes.push(notAllowed(taken, values, path));
    }
    return taken;
  }
}

const TAG: ObjectSchema = { properties: { Key: "string", Value: "string" }, required: ["Key", "Value"] };

function scalarOf(type: PropertyType): {
  scalar?: ScalarType;
  values?: readonly (string | number)[];
} {
  if (typeof type === "string") return type === "json" || type === "tag" ? {} : { scalar: type };
  return "type" in type ? { scalar: type.type, values: type.values } : {};
}

/** What CloudFormation takes a scalar for where it wants this type; undefined where it can't. */
function takenAs(value: Scalar, type: ScalarType): Scalar | undefined {
  if (type === "string" || type === "date-time") return String(value);
  if (type === "boolean") {
    const text = String(value).toLowerCase();
    return text === "true" || text === "false" ? text === "true" : undefined;
  }
  const number = typeof value === "boolean" || value === "" ? Number.NaN : Number(value);
  return type === "integer" && !Number.isInteger(number)
    ? undefined
    : Number.isNaN(number)
      ? undefined
      : number;
}

/** Whether a type is one whose values are scalars, or one of several such. */
const isScalarType = (type: PropertyType): boolean =>
  type === "json" || scalarOf(type).scalar !== undefined || isEither(type, isScalarType);
const mayBeList = (type: PropertyType): boolean =>
  type === "json" || isListType(type) || isEither(type, mayBeList);
const isEither = (type: PropertyType, is: (type: PropertyType) => boolean): boolean =>
  typeof type === "object" && "either" in type && type.either.some(is);

/** What functions give. Of those not named here anything is possible. */
const GIVES: readonly {
  readonly functions: readonly string[];
  readonly what: string;
  fits(type: PropertyType): boolean;
}[] = [
  { functions: ["Fn::Sub", "Fn::Join", "Fn::Base64"], what: "text", fits: isScalarType },
  { functions: ["Fn::GetAZs", "Fn::Split", "Fn::Cidr"], what: "a list", fits: mayBeList },
  {
    // A mapping has no objects, and an attribute with dots in its name gives what is in them.
    functions: ["Ref", "Fn::GetAtt", "Fn::FindInMap", "Fn::Select", "Fn::ImportValue"],
    what: "a scalar or a list",
    fits: (type) => isScalarType(type) || mayBeList(type),
  },
];
