import { hash } from 'node:crypto';
import { canonicalJson } from '../../protocol/canonical-json.ts';
import type { CallOutcome, EndedCall } from '../../server/call-observer.ts';
import type { RequestContext } from '../../server/context.ts';
import { type CalledComponent, calledComponent, clientOf, strangersText } from './log-call.ts';
import { redactedCopy } from './log-fields.ts';
import type { IdentityHashes } from './log-identity.ts';
import { isoTime } from './log-time.ts';

/** What is kept of arguments: their SHA-256, a view without secrets, nothing. */
export type AuditArguments = 'hash' | 'redacted' | 'none';

/**
 * One call of a tool, one read of a resource, one prompt: what `onAudit` receives and a line of the audit file is. (A
 * type, not an interface, so that it is a `Record<string, unknown>` too.)
 */
export type AuditRecord = {
  /** When it ended: ISO 8601, UTC. */
  readonly time: string;
  /** Counts the records of a process from 1: where a number is missing, a record is lost. */
  readonly seq: number;
  readonly pid: number;
  /** The same as in the access log. */
  readonly requestId: string;
  readonly method: 'tools/call' | 'resources/read' | 'prompts/get';
  readonly tool?: string;
  readonly prompt?: string;
  /** The name that the resource or its template was registered under. */
  readonly resource?: string;
  /** There is none of that name, or the call was refused before it was looked up; the name is the client's. */
  readonly unknown?: true;
  /** Who called, in clear text, as the verifier of the access token said; null: nobody was authenticated. */
  readonly clientId: string | null;
  /** The user, if the token names one (`extra.sub`). */
  readonly subject?: string;
  /** SHA-256 of the canonical JSON (RFC 8785) of the arguments: `sha256:` and 64 hexadecimal digits. */
  readonly argumentsHash?: string;
  /** The arguments without what looks like a secret, bounded. */
  readonly arguments?: unknown;
  readonly outcome: CallOutcome;
  /** The JSON-RPC code, where the outcome is an error. */
  readonly errorCode?: number;
  readonly durationMs: number;
  /** The same hash as in the access log. */
  readonly session?: string;
  /** Of the client, where proxies are trusted. */
  readonly address?: string;
  /** What the client calls itself; unchecked. */
  readonly clientName?: string;
  readonly revision: string;
};

/** The view of arguments: about a screen full. */
const VIEW_BOUNDS = { depth: 5, nodes: 100, chars: 4_096, textChars: 256 };

export class AuditRecords {
  readonly #kept: AuditArguments;
  readonly #hashes: IdentityHashes;
  #seq = 0;

  constructor(kept: AuditArguments, hashes: IdentityHashes) {
    this.#kept = kept;
    this.#hashes = hashes;
  }

  /** The record of a call; undefined for methods that are not audited. */
  of({ context, durationMs, outcome, errorCode }: EndedCall): AuditRecord | undefined {
    const component = calledComponent(context);
    if (component === undefined) return undefined;
    const { call, peer, requestId } = context;
    const { authInfo, http, sessionId } = peer;
    const subject = authInfo?.extra?.['sub'];
    const client = clientOf(context);
    return {
      time: isoTime(),
      seq: ++this.#seq,
      pid: process.pid,
      requestId,
      method: call.method as AuditRecord['method'],
      ...named(component),
      clientId: authInfo?.clientId ?? null,
      ...(typeof subject === 'string' && { subject }),
      ...this.#argumentsOf(context),
      outcome,
      ...(errorCode !== undefined && { errorCode }),
      durationMs: Math.round(durationMs * 1000) / 1000,
      ...(sessionId !== undefined && { session: this.#hashes.ofSession(sessionId) }),
      ...(http?.remoteAddress !== undefined && { address: strangersText(http.remoteAddress) }),
      ...(client !== undefined && { clientName: strangersText(client.name) }),
      revision: call.revision,
    };
  }

  #argumentsOf(context: RequestContext): Pick<AuditRecord, 'arguments' | 'argumentsHash'> {
    if (this.#kept === 'none') return {};
    const given = argumentsOf(context);
    if (this.#kept === 'redacted') return { arguments: redactedCopy(given, VIEW_BOUNDS) };
    return { argumentsHash: hashOf(given) };
  }
}

function named({ kind, name, known }: CalledComponent): Pick<AuditRecord, 'tool' | 'prompt' | 'resource' | 'unknown'> {
  return { ...(name !== undefined && { [kind]: name }), ...(!known && { unknown: true }) };
}

/** What a call asks with: the arguments of a tool or a prompt, the URI of a resource. */
function argumentsOf({ call }: RequestContext): unknown {
  return call.method === 'resources/read' ? { uri: call.params['uri'] } : (call.params['arguments'] ?? {});
}

function hashOf(given: unknown): string {
  try {
    return `sha256:${hash('sha256', canonicalJson(given))}`;
  } catch {
    // Nested beyond what can be walked; over HTTP `maxJsonDepth` refuses it before.
    return 'sha256:unavailable';
  }
}
