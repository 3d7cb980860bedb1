import type { ElicitRequestFormParams } from '../protocol/elicitation.ts';
import { toJsonSchema } from '../schema/conversion.ts';
import { isStandardSchema, type StandardSchemaWithJSON } from '../schema/standard-schema.ts';
import { fitToForm } from './elicitation-grammar.ts';
import { thrownText } from './thrown-text.ts';

type RequestedSchema = ElicitRequestFormParams['requestedSchema'];

/** A form to show to the user; its fields as JSON Schema of the wire or as a Standard Schema (zod, ArkType, Valibot). */
export type ElicitInputParams = Omit<ElicitRequestFormParams, 'requestedSchema'> & {
  requestedSchema: RequestedSchema | StandardSchemaWithJSON;
};

/** Converted schemas: most forms are asked with a schema that lives as long as the server. */
const converted = new WeakMap<StandardSchemaWithJSON, RequestedSchema>();

function convert(schema: StandardSchemaWithJSON, message: string): RequestedSchema {
  let json: Record<string, unknown>;
  try {
    json = toJsonSchema(schema, 'input', { kind: 'elicitation', name: message, field: 'requestedSchema' });
  } catch (error) {
    const why = thrownText(error);
    throw new TypeError(`The requestedSchema of an elicitation must describe a flat object: ${why}`, { cause: error });
  }
  const { form, faults } = fitToForm(json);
  if (faults.length > 0) {
    throw new TypeError(
      `A form can not express this part of the requestedSchema: ${faults.join(', ')}. ` +
        'It has strings, numbers, booleans and choices of strings, without further constraints ' +
        '(MCP 2026-07-28, client/elicitation); check the rest with acceptedContent(responses, key, schema).',
    );
  }
  return form as RequestedSchema;
}

/**
 * The params of a form elicitation as they go over the wire. A Standard Schema is converted; JSON Schema passes as it is.
 *
 * @throws TypeError naming each part of a Standard Schema that a form can not express.
 */
export function toElicitationForm(input: ElicitInputParams): ElicitRequestFormParams {
  const { requestedSchema } = input;
  if (!isStandardSchema(requestedSchema)) {
    return { ...input, mode: 'form', requestedSchema: requestedSchema as RequestedSchema };
  }
  const schema = requestedSchema as StandardSchemaWithJSON;
  let form = converted.get(schema);
  if (form === undefined) converted.set(schema, (form = convert(schema, input.message)));
  // A copy, so that a handler that adjusts its form does not adjust everybody's.
  return { ...input, mode: 'form', requestedSchema: structuredClone(form) };
}
