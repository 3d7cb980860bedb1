/** The parts of an access log's line that calls of one kind share: made once, found again by a few comparisons. */
import type { RequestContext } from '../../server/context.ts';
import { calledComponent, clientOf, isClaude, strangersJson } from './log-call.ts';

const PLAIN = /^[\w./:-]*$/;

/** JSON of a text that is no stranger's: a name that the author chose, an address, an id. */
export function ownJson(text: string): string {
  return PLAIN.test(text) ? `"${text}"` : JSON.stringify(text);
}

/** A call's method and what it names, and what is known of its client. */
export interface CallKind {
  /** From the method on: `,"method":"tools/call","tool":"weather"`. */
  readonly what: string;
  /** From the revision on, up to the address. */
  readonly whence: string;
}

interface Remembered extends CallKind {
  readonly method: string;
  readonly revision: string;
  readonly name: string | undefined;
  readonly version: string | undefined;
  readonly userAgent: string | undefined;
  readonly address: string | undefined;
}

/** Tools that are called now; beyond them the memory begins anew. */
const MAX_REMEMBERED = 1_024;

/** Longer texts of a client are not remembered: it could fill the memory with them. */
const MAX_CHARS = 256;

function isLong(text: string | undefined): boolean {
  return text !== undefined && text.length > MAX_CHARS;
}

/** Most calls are like the one before of their tool. Nothing of a stranger's is a key here. */
export class CallKinds {
  readonly #last = new Map<string, Remembered>();

  of(context: RequestContext): CallKind {
    const { call, peer, component } = context;
    if (component === undefined) return kindOf(context);
    const { http } = peer;
    const client = clientOf(context);
    const last = this.#last.get(component);
    const userAgent = http?.header('user-agent');
    if (
      last !== undefined &&
      last.method === call.method &&
      last.revision === call.revision &&
      last.name === client?.name &&
      last.version === client?.version &&
      last.userAgent === userAgent &&
      last.address === http?.remoteAddress
    ) {
      return last;
    }
    const { method, revision } = call;
    const { name, version } = client ?? {};
    const { what, whence } = kindOf(context);
    if (isLong(name) || isLong(version) || isLong(userAgent)) return { what, whence };
    if (this.#last.size >= MAX_REMEMBERED) this.#last.clear();
    const made = { what: flat(what), whence: flat(whence), method, revision, name, version, userAgent };
    const remembered: Remembered = { ...made, address: http?.remoteAddress };
    this.#last.set(component, remembered);
    return remembered;
  }
}

/** One piece of memory: a text that was put together is otherwise copied from its pieces each time that it is used. */
function flat(text: string): string {
  return Buffer.from(text).toString();
}

function kindOf(context: RequestContext): CallKind {
  const { call, peer } = context;
  let what = `,"method":${strangersJson(call.method)}`;
  const component = calledComponent(context);
  if (component !== undefined) {
    const { kind, name, known } = component;
    if (name !== undefined) what += `,"${kind}":${known ? ownJson(name) : JSON.stringify(name)}`;
    if (!known) what += ',"unknown":true';
  }
  let whence = `,"revision":${strangersJson(call.revision)}`;
  const client = clientOf(context);
  if (client !== undefined) {
    whence += `,"client":{"name":${strangersJson(client.name)},"version":${strangersJson(client.version)}}`;
  }
  if (isClaude(peer.http?.header('user-agent'), client)) whence += ',"claude":true';
  if (peer.http?.remoteAddress !== undefined) whence += `,"address":${ownJson(peer.http.remoteAddress)}`;
  return { what, whence };
}
