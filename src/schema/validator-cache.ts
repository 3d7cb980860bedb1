import type { JsonSchema } from './json-schema.ts';
import { type CompiledValidator, compileJsonSchema, schemaText } from './json-schema-compiler.ts';

/** Different schemas that are kept compiled, and the characters that their texts may have together. */
const SCHEMAS_KEPT = 256;
const CHARACTERS_KEPT = 4_000_000;

const bySchema = new WeakMap<JsonSchema, CompiledValidator>();
/** In the order of use, the least recent first. */
const byText = new Map<string, CompiledValidator>();
let characters = 0;

function keep(text: string, validator: CompiledValidator): void {
  if (text.length > CHARACTERS_KEPT) return;
  byText.set(text, validator);
  characters += text.length;
  for (const oldest of byText.keys()) {
    if (byText.size <= SCHEMAS_KEPT && characters <= CHARACTERS_KEPT) return;
    byText.delete(oldest);
    characters -= oldest.length;
  }
}

/**
 * The compiled validator of a raw JSON Schema. A server that is built anew for every request hands in equal schemas as
 * new objects each time: they share one validator, and memory stays bounded.
 *
 * @throws SlipwayError as compileJsonSchema does
 */
export function validatorOf(schema: JsonSchema): CompiledValidator {
  const known = bySchema.get(schema);
  if (known !== undefined) return known;
  const text = schemaText(schema);
  let validator = byText.get(text);
  if (validator === undefined) {
    // A copy: what the author does to the object later must not reach a validator that others share.
    validator = compileJsonSchema(JSON.parse(text) as JsonSchema);
    keep(text, validator);
  } else {
    byText.delete(text);
    byText.set(text, validator);
  }
  bySchema.set(schema, validator);
  return validator;
}
