import { SlipwayError } from '../protocol/coded-error.ts';
import { walkSchema } from '../protocol/subschema.ts';
import type { JsonSchema } from './json-schema.ts';

const REFERENCES = ['$ref', '$dynamicRef', '$recursiveRef'];
/** A base for schemas without `$id`; the name can not exist on the network (RFC 2606). */
const NO_BASE = 'https://schema.invalid/';

function resolve(reference: string, base: string): string | undefined {
  return URL.parse(reference, base)?.href.replace(/#.*$/, '');
}

/**
 * Refuses a raw JSON Schema that is too large, or that refers to a document other than itself: nothing is ever fetched
 * (MCP 2026-07-28, basic, JSON Schema usage). Identifiers given by `$id` inside of the schema are part of it.
 *
 * @throws SlipwayError SLIP_SCHEMA_TOO_LARGE, SLIP_SCHEMA_REMOTE_REF
 */
export function checkSchemaBounds(schema: JsonSchema): void {
  const bases = new Map<string, string>();
  const references: { reference: string; base: string }[] = [];

  const overflow = walkSchema(schema, node => {
    let base = NO_BASE;
    // The nearest schema above that has an identifier; the walk visits parents first.
    for (let length = node.pointer.length; length >= 0 && bases.size > 0; length--) {
      const found = bases.get(JSON.stringify(node.pointer.slice(0, length)));
      if (found === undefined) continue;
      base = found;
      break;
    }
    const id = node.schema.$id;
    if (typeof id === 'string' && !id.startsWith('#')) {
      base = resolve(id, base) ?? base;
      bases.set(JSON.stringify(node.pointer), base);
    }
    for (const keyword of REFERENCES) {
      const reference = node.schema[keyword];
      if (typeof reference === 'string' && !reference.startsWith('#')) references.push({ reference, base });
    }
  });
  if (overflow !== undefined) throw new SlipwayError('SLIP_SCHEMA_TOO_LARGE', { why: overflow });

  const own = new Set([NO_BASE, ...bases.values()]);
  for (const { reference, base } of references) {
    const document = resolve(reference, base);
    if (document === undefined || !own.has(document))
      throw new SlipwayError('SLIP_SCHEMA_REMOTE_REF', { ref: reference });
  }
}
