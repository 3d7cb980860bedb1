/**
 * The shape of each method's params, as far as serving them needs it. Hand-written: one pass, no allocation, and a
 * message that names the member.
 */
import { isPlainObject } from '../protocol/json-rpc.ts';
import { isLoggingLevel, LOGGING_LEVELS } from '../protocol/logging.ts';
import type { Params } from './call.ts';

type Check = (params: Params) => string | undefined;

const text =
  (member: string): Check =>
  params =>
    typeof params[member] === 'string' ? undefined : `${member} must be a string`;

const named: Check = params => {
  if (typeof params['name'] !== 'string') return 'name must be a string';
  const args = params['arguments'];
  if (args !== undefined && !isPlainObject(args)) return 'arguments must be an object';
  return undefined;
};

const promptCall: Check = params => {
  const fault = named(params);
  if (fault !== undefined || params['arguments'] === undefined) return fault;
  const strings = Object.values(params['arguments'] as object).every(value => typeof value === 'string');
  return strings ? undefined : 'the arguments of a prompt must be strings';
};

const page: Check = params => {
  const cursor = params['cursor'];
  return cursor === undefined || typeof cursor === 'string' ? undefined : 'cursor must be a string';
};

const completion: Check = params => {
  const ref = params['ref'];
  if (!isPlainObject(ref)) return 'ref must be an object';
  if (ref['type'] === 'ref/prompt' ? typeof ref['name'] !== 'string' : ref['type'] !== 'ref/resource') {
    return 'ref must be { type: "ref/prompt", name } or { type: "ref/resource", uri }';
  }
  if (ref['type'] === 'ref/resource' && typeof ref['uri'] !== 'string') return 'ref.uri must be a string';
  const argument = params['argument'];
  if (!isPlainObject(argument) || typeof argument['name'] !== 'string' || typeof argument['value'] !== 'string') {
    return 'argument must be { name: string, value: string }';
  }
  const context = params['context'];
  if (context === undefined) return undefined;
  if (!isPlainObject(context)) return 'context must be an object';
  const known = context['arguments'];
  if (known === undefined) return undefined;
  const strings = isPlainObject(known) && Object.values(known).every(value => typeof value === 'string');
  return strings ? undefined : 'context.arguments must hold strings';
};

const handshake: Check = params => {
  if (typeof params['protocolVersion'] !== 'string') return 'protocolVersion must be a string';
  if (!isPlainObject(params['capabilities'])) return 'capabilities must be an object';
  const info = params['clientInfo'];
  if (!isPlainObject(info) || typeof info['name'] !== 'string' || typeof info['version'] !== 'string') {
    return 'clientInfo must be { name: string, version: string }';
  }
  return undefined;
};

const level: Check = params =>
  isLoggingLevel(params['level']) ? undefined : `level must be one of ${LOGGING_LEVELS.join(', ')}`;

/** URIs of one stream: they are kept for as long as it is open. */
const MAX_SUBSCRIBED_URIS = 1_000;

const filter: Check = params => {
  const wanted = params['notifications'];
  if (!isPlainObject(wanted)) return 'notifications is required and must be an object';
  for (const member of ['toolsListChanged', 'promptsListChanged', 'resourcesListChanged']) {
    if (wanted[member] !== undefined && typeof wanted[member] !== 'boolean') return `${member} must be a boolean`;
  }
  const uris = wanted['resourceSubscriptions'];
  if (uris === undefined) return undefined;
  const strings = Array.isArray(uris) && uris.every(uri => typeof uri === 'string');
  if (strings && uris.length > MAX_SUBSCRIBED_URIS)
    return `resourceSubscriptions has more than ${MAX_SUBSCRIBED_URIS} URIs`;
  return strings ? undefined : 'resourceSubscriptions must be an array of strings';
};

const CHECKS: ReadonlyMap<string, Check> = new Map([
  ['tools/call', named],
  ['prompts/get', promptCall],
  ['resources/read', text('uri')],
  ['resources/subscribe', text('uri')],
  ['resources/unsubscribe', text('uri')],
  ['tools/list', page],
  ['prompts/list', page],
  ['resources/list', page],
  ['resources/templates/list', page],
  ['completion/complete', completion],
  ['initialize', handshake],
  ['logging/setLevel', level],
  ['subscriptions/listen', filter],
]);

/** What is wrong with the params of a method of the specification; undefined when nothing is, or for other methods. */
export function paramsFault(method: string, params: Params): string | undefined {
  return CHECKS.get(method)?.(params);
}
