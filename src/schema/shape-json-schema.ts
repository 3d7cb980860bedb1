import { SlipwayError } from '../protocol/coded-error.ts';
import { walkSchema } from '../protocol/subschema.ts';

/** A field of an object, described by its own library. */
export interface FieldSchema {
  readonly name: string;
  readonly schema: Record<string, unknown>;
  readonly required: boolean;
}

const DEFINITION = /^#\/(?:\$defs|definitions)\/([^/]+)(.*)$/;

/** Moves a field's definitions to the root of the object's schema, where its references will look for them. */
function hoist(field: Record<string, unknown>, definitions: Record<string, unknown>): Record<string, unknown> {
  const { $schema: _, $defs: own, ...body } = structuredClone(field);
  const renamed = new Map<string, string>();
  const freshName = (): string => {
    let number = 0;
    while (Object.hasOwn(definitions, `__schema${number}`)) number++;
    return `__schema${number}`;
  };
  const added: unknown[] = [];
  const add = (name: string, schema: unknown): void => {
    definitions[name] = schema;
    added.push(schema);
  };

  for (const [name, schema] of Object.entries((own ?? {}) as Record<string, unknown>)) {
    const taken = Object.hasOwn(definitions, name);
    if (taken && JSON.stringify(definitions[name]) === JSON.stringify(schema)) continue;
    const target = taken ? freshName() : name;
    renamed.set(name, target);
    add(target, schema);
  }

  let rootName: string | undefined;
  const rewrite = (root: unknown): void => {
    const overflow = walkSchema(root, ({ schema }) => {
      const reference = schema.$ref;
      if (typeof reference !== 'string') return;
      const target = schema as { $ref: string };
      const definition = DEFINITION.exec(reference);
      if (definition !== null) {
        const name = definition[1] ?? '';
        target.$ref = `#/$defs/${renamed.get(name) ?? name}${definition[2]}`;
      } else if (reference === '#' || reference.startsWith('#/')) {
        // The field refers to itself, so it becomes a definition too.
        if (rootName === undefined) {
          rootName = freshName();
          definitions[rootName] = body;
        }
        target.$ref = `#/$defs/${rootName}${reference.slice(1)}`;
      }
    });
    if (overflow !== undefined) throw new SlipwayError('SLIP_SCHEMA_TOO_LARGE', { why: overflow });
  };
  rewrite(body);
  for (const schema of added) rewrite(schema);
  return rootName === undefined ? body : { $ref: `#/$defs/${rootName}` };
}

/** The JSON Schema of an object with the given fields, in the form that zod gives to `z.object`. */
export function composeShape(fields: readonly FieldSchema[], direction: 'input' | 'output'): Record<string, unknown> {
  const definitions: Record<string, unknown> = {};
  const properties: Record<string, unknown> = {};
  for (const { name, schema } of fields)
    Object.defineProperty(properties, name, {
      value: hoist(schema, definitions),
      enumerable: true,
      writable: true,
      configurable: true,
    });
  const required = fields.filter(field => field.required).map(field => field.name);
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    type: 'object',
    properties,
    ...(required.length > 0 && { required }),
    ...(direction === 'output' && { additionalProperties: false }),
    ...(Object.keys(definitions).length > 0 && { $defs: definitions }),
  };
}
