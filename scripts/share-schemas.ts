/** The schema as ajv is to compile it: what it says several times becomes one definition, and so one function. */
import type { Schema } from "../compiler/schema.ts";
import { mapSchemas } from "./bundle-schema.ts";

/** Below this length of its JSON, a function costs more than it saves. */
const WORTH_SHARING = 200;

type Shared = Schema & { readonly $ref?: string; readonly definitions?: Readonly<Record<string, Schema>> };

/**
 * Without what only people read, and with one definition for each part that comes more than once. It forbids what the
 * schema forbids.
 */
export function shareSchemas(schema: Schema): Shared {
  const bare = withoutProse(schema);
  const counts = new Map<string, number>();
  mapSchemas(bare, function count(part): Schema {
    const text = JSON.stringify(part);
    const before = counts.get(text) ?? 0;
    counts.set(text, before + 1);
    // What is in a part that was seen comes no more often than the part itself.
    return before > 0 ? part : mapSchemas(part, count);
  });
  const definitions: Record<string, Schema> = {};
  const names = new Map<string, string>();
  // The name of a key stays where it is: behind a reference ajv no longer says whose name is wrong.
  const shareWithin = (part: Schema): Schema => ({
    ...mapSchemas(part, share),
    ...(part.propertyNames && { propertyNames: part.propertyNames }),
    ...(part.uniqueItems && part.items && { items: { ...typeOf(part.items), ...share(part.items) } }),
  });
  const share = (part: Schema): Shared => {
    const text = JSON.stringify(part);
    if (text.length < WORTH_SHARING || (counts.get(text) ?? 0) < 2) return shareWithin(part);
    const name = names.get(text) ?? `shared${names.size + 1}`;
    if (!names.has(text)) {
      names.set(text, name);
      definitions[name] = shareWithin(part);
    }
    return { $ref: `#/definitions/${name}` };
  };
  return { ...shareWithin(bare), definitions };
}

/** The type stays beside a reference where items must differ: without it ajv compares each with each. */
const typeOf = ({ type }: Schema): Schema => (type === undefined ? {} : { type });

function withoutProse(schema: Schema): Schema {
  const { title: _, description: __, examples: ___, default: ____, ...rest } = schema;
  return mapSchemas(rest, withoutProse);
}
