/** What can be seen of a question to the user before it is asked: the user must not answer what can not be understood. */
import { isPlainObject } from '../protocol/json-rpc.ts';
import { fromJsonSchema } from '../schema/from-json-schema.ts';
import type { jsonSchemaValidator } from '../schema/json-schema-validator.ts';
import { isStandardSchema } from '../schema/standard-schema.ts';
import type { ElicitParams } from './linear-handler.ts';

/** MCP 2026-07-28, client/elicitation: a page is on the web. */
function isWebAddress(url: unknown): boolean {
  return typeof url === 'string' && /^https?:$/.test(URL.parse(url)?.protocol ?? '');
}

/**
 * Checks the params of `ctx.elicit()`; a Standard Schema is checked where it is converted.
 *
 * @throws TypeError naming the member that is missing or wrong
 * @throws SlipwayError SLIP_SCHEMA_* when the form's JSON Schema is none
 */
export function assertElicitation(params: ElicitParams, validator: jsonSchemaValidator | undefined): void {
  if (!isPlainObject(params) || typeof params['message'] !== 'string') {
    throw new TypeError('ctx.elicit() needs a message for the user, as text');
  }
  const { mode, url, requestedSchema } = params as Readonly<Record<string, unknown>>;
  if (mode === 'url') {
    if (!isWebAddress(url)) throw new TypeError('ctx.elicit() in the mode url needs an absolute http(s) URL');
    return;
  }
  if (!isPlainObject(requestedSchema) && !isStandardSchema(requestedSchema)) {
    throw new TypeError('ctx.elicit() needs a requestedSchema, or the mode url and a url');
  }
  if (!isStandardSchema(requestedSchema)) fromJsonSchema(requestedSchema as object, validator);
}
