/**
 * Where a JSON Schema holds further schemas. A walk that knows the keywords never mistakes data (`default`, `enum`,
 * `examples`) or a property that happens to be called "properties" for a schema.
 */

/** The deepest nesting of subschemas that is accepted. */
export const MAX_SCHEMA_DEPTH = 64;
/** The largest number of subschemas that is accepted. */
export const MAX_SUBSCHEMAS = 10_000;

/** What the value of a keyword holds: one schema (or a list of them), or schemas by name. */
const SUBSCHEMA_KEYWORDS: ReadonlyMap<string, 'schema' | 'map'> = new Map([
  ['properties', 'map'],
  ['patternProperties', 'map'],
  ['dependentSchemas', 'map'],
  ['$defs', 'map'],
  ['definitions', 'map'],
  ['dependencies', 'map'],
  ['items', 'schema'],
  ['prefixItems', 'schema'],
  ['additionalItems', 'schema'],
  ['unevaluatedItems', 'schema'],
  ['contains', 'schema'],
  ['additionalProperties', 'schema'],
  ['unevaluatedProperties', 'schema'],
  ['propertyNames', 'schema'],
  ['contentSchema', 'schema'],
  ['allOf', 'schema'],
  ['anyOf', 'schema'],
  ['oneOf', 'schema'],
  ['not', 'schema'],
  ['if', 'schema'],
  ['then', 'schema'],
  ['else', 'schema'],
]);

/** One schema on the way through a JSON Schema. */
export interface SchemaNode {
  readonly schema: Readonly<Record<string, unknown>>;
  /** The keywords and names that lead here from the root, as in a JSON Pointer. */
  readonly pointer: readonly string[];
  /** The property names that lead here; undefined as soon as anything but `properties` is on the way. */
  readonly propertyPath: readonly string[] | undefined;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * Visits a JSON Schema and all its subschemas, parents first. Boolean schemas are skipped, `$ref` is not followed.
 *
 * @returns undefined, or why the walk gave up: a schema that refers to itself as a JavaScript object, or is hostile, ends
 * here too.
 */
export function walkSchema(root: unknown, visit: (node: SchemaNode) => void): string | undefined {
  let count = 0;

  const walk = (
    value: unknown,
    pointer: readonly string[],
    propertyPath: SchemaNode['propertyPath'],
    depth: number,
  ): string | undefined => {
    if (!isObject(value)) return undefined;
    if (depth > MAX_SCHEMA_DEPTH) return `it is nested deeper than ${MAX_SCHEMA_DEPTH} levels`;
    if (++count > MAX_SUBSCHEMAS) return `it has more than ${MAX_SUBSCHEMAS} subschemas`;
    visit({ schema: value, pointer, propertyPath });
    for (const keyword of Object.keys(value)) {
      const holds = SUBSCHEMA_KEYWORDS.get(keyword);
      if (holds === undefined) continue;
      const child = value[keyword];
      if (holds === 'schema' && !Array.isArray(child)) {
        const overflow = walk(child, [...pointer, keyword], undefined, depth + 1);
        if (overflow !== undefined) return overflow;
        continue;
      }
      if (typeof child !== 'object' || child === null || (holds === 'map' && Array.isArray(child))) continue;
      for (const [name, subschema] of Object.entries(child)) {
        const path = keyword === 'properties' && propertyPath !== undefined ? [...propertyPath, name] : undefined;
        const overflow = walk(subschema, [...pointer, keyword, name], path, depth + 1);
        if (overflow !== undefined) return overflow;
      }
    }
    return undefined;
  };

  return walk(root, [], [], 0);
}
