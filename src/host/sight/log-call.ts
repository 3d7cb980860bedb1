/** What lines about calls have in common: what was called, by which client. */
import type { RequestContext } from '../../server/context.ts';
import { boundedText } from './redaction.ts';

/** Longer names are cut. */
const MAX_NAME_CHARS = 64;

export interface CalledComponent {
  readonly kind: 'tool' | 'prompt' | 'resource';
  /** As registered; as the client wrote it where `known` is false, bounded. Undefined: an unknown resource. */
  readonly name: string | undefined;
  /** False: there is none of that name, or the call was refused before it was looked up. */
  readonly known: boolean;
}

/** What a call names; undefined for methods that name nothing. */
export function calledComponent({ call, component }: RequestContext): CalledComponent | undefined {
  const kind = kindOf(call.method);
  if (kind === undefined) return undefined;
  if (component !== undefined) return { kind, name: component, known: true };
  // The URI of an unknown resource is not logged: nothing says what is in it.
  const name = kind === 'resource' ? undefined : call.params['name'];
  return { kind, name: typeof name === 'string' ? strangersText(name) : undefined, known: false };
}

function kindOf(method: string): CalledComponent['kind'] | undefined {
  if (method === 'tools/call') return 'tool';
  if (method === 'prompts/get') return 'prompt';
  return method === 'resources/read' ? 'resource' : undefined;
}

/** A short text that a client chose: a name, a version, a method. */
export function strangersText(text: string): string {
  return boundedText(text, MAX_NAME_CHARS);
}

/** Clients, methods and names repeat: most calls pay for a look-up. */
const remembered = new Map<string, string>();
const MAX_REMEMBERED = 1_024;

/** {@link strangersText} as JSON. */
export function strangersJson(text: string): string {
  const known = remembered.get(text);
  if (known !== undefined) return known;
  const json = JSON.stringify(strangersText(text));
  if (text.length > 2 * MAX_NAME_CHARS) return json;
  if (remembered.size >= MAX_REMEMBERED) remembered.clear();
  remembered.set(text, json);
  return json;
}

export interface ClientName {
  readonly name: string;
  readonly version: string;
}

/** What the client calls itself: unchecked, anybody may say anything. */
export function clientOf({ call, peer }: RequestContext): ClientName | undefined {
  return call.envelope?.clientInfo ?? peer.clientInfo;
}

/** Whether a request says that it comes from Claude's connector. A hint for reading, never for a decision. */
export function isClaude(userAgent: string | undefined, client?: ClientName): boolean {
  if (userAgent?.includes('Claude-User') === true) return true;
  // Its probe comes from an HTTP library, but names itself.
  return client !== undefined && (client.name === 'Anthropic' || client.name.startsWith('Anthropic/'));
}
