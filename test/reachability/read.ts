/** Reading properties of resources: what is not of the form that is known is an error, never nothing. */
import { isJsonObject, type Json, type JsonObject } from "../../compiler/schema.ts";
import type { Resource } from "./deployment.ts";

/** What a message calls a resource: `dev network.Vpc`. */
export const nameOf = ({ place, stack, logicalId }: Resource): string => `${place} ${stack}.${logicalId}`;

/** Resources by their ids; asking for what is not there is an error, as is asking for what is of another type. */
export class Inventory {
  readonly #byId: ReadonlyMap<string, Resource>;

  constructor(readonly resources: readonly Resource[]) {
    this.#byId = new Map(resources.map((resource) => [resource.id, resource]));
  }

  of(...types: readonly string[]): Resource[] {
    return this.resources.filter(({ type }) => types.includes(type));
  }

  /** @param asker who names the id, for the message */
  get(id: string | undefined, type: string, asker: Resource): Resource {
    const found = id === undefined ? undefined : this.#byId.get(id);
    if (found?.type === type) return found;
    throw mistake(asker, `${id ?? "nothing"} where a ${type} of a template should be named`);
  }
}

export const mistake = (resource: Resource, what: string): Error =>
  new Error(`${nameOf(resource)} (${resource.type}): ${what}`);

/** The value at a path such as `VpcConfig.SubnetIds`; undefined where there is none. */
export function at({ properties }: Resource, path: string): Json | undefined {
  return path
    .split(".")
    .reduce<Json | undefined>((value, key) => (isJsonObject(value) ? value[key] : undefined), properties);
}

export function textAt(resource: Resource, path: string): string | undefined {
  const value = at(resource, path);
  if (value === undefined) return undefined;
  if (typeof value === "object") throw mistake(resource, `${path} is not a text`);
  return String(value);
}

export function neededAt(resource: Resource, path: string): string {
  const value = textAt(resource, path);
  if (value === undefined) throw mistake(resource, `there is no ${path}`);
  return value;
}

/** @param fallback what counts where there is nothing */
export function flagAt(resource: Resource, path: string, fallback: boolean): boolean {
  const value = textAt(resource, path) ?? String(fallback);
  if (value !== "true" && value !== "false") throw mistake(resource, `${path} is neither true nor false`);
  return value === "true";
}

/** A list of texts, which in a published parameter is one text. */
export function textsAt(resource: Resource, path: string): string[] {
  const value = at(resource, path) ?? [];
  if (typeof value === "string") return value.split(",");
  if (Array.isArray(value) && value.every((item) => typeof item === "string")) return value;
  throw mistake(resource, `${path} is not a list of texts`);
}

export function objectsAt(resource: Resource, path: string): JsonObject[] {
  const value = at(resource, path) ?? [];
  if (Array.isArray(value) && value.every((item) => isJsonObject(item))) return value;
  throw mistake(resource, `${path} is not a list of objects`);
}

/** An object within a resource, to be read like a resource of its own. */
export const within = (resource: Resource, properties: Json | undefined): Resource => ({
  ...resource,
  properties: isJsonObject(properties) ? properties : {},
});
