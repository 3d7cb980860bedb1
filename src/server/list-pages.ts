/**
 * One list of a snapshot: its pages for each revision, made when first asked for and served as ready bytes after that.
 * MCP 2026-07-28, server/utilities/pagination.
 */
import type { CacheableResultMethod } from '../protocol/cache-hint.ts';
import { INVALID_PARAMS } from '../protocol/json-rpc.ts';
import { projectResult } from '../protocol/projection.ts';
import { ProtocolError } from '../protocol/protocol-error.ts';
import type { Result } from '../protocol/result.ts';
import { openToken, signToken } from '../sealing/sign.ts';
import { withCacheFields } from './cache-fields.ts';
import type { Params } from './call.ts';
import type { RequestContext } from './context.ts';
import { type Outcome, PreparedResult } from './outcome.ts';
import { type Component, exists } from './registration.ts';
import type { Server } from './server.ts';

/** A component with what lists say about it. */
export interface Listed extends Component {
  readonly definition: object;
}

export class ListPages {
  readonly #server: Server;
  readonly #method: CacheableResultMethod;
  /** The result's member that holds the items: `tools`, `prompts`, ... */
  readonly #member: string;
  readonly #components: readonly Listed[];
  /** Whether every caller sees the same. */
  readonly #shared: boolean;
  readonly #definitions: readonly object[];
  readonly #prepared = new Map<string, PreparedResult>();

  constructor(server: Server, method: CacheableResultMethod, member: string, components: Iterable<Listed>) {
    this.#server = server;
    this.#method = method;
    this.#member = member;
    this.#components = [...components].filter(({ enabled }) => enabled);
    this.#shared = this.#components.every(({ audience }) => audience === undefined);
    this.#definitions = this.#components.map(({ definition }) => definition);
  }

  /**
   * The page that a request asks for.
   *
   * @param more further items that only this request knows (resources that templates list), and whether every caller
   * gets them
   * @throws ProtocolError -32602 for a cursor that this server did not make for this list
   */
  page(context: RequestContext, params: Params, more?: { items: readonly object[]; shared: boolean }): Outcome {
    const offset = this.#offsetOf(params['cursor']);
    const { revision } = context.call;
    if (!this.#shared || more !== undefined) {
      const own = this.#shared ? this.#definitions : this.#visible(context);
      const items = more === undefined ? own : [...own, ...more.items];
      return this.#build(revision, offset, items, this.#shared && more?.shared !== false);
    }
    const key = `${revision}:${offset}`;
    let prepared = this.#prepared.get(key);
    if (prepared === undefined) {
      const result = this.#build(revision, offset, this.#definitions, true);
      prepared = new PreparedResult(context.call.envelope === undefined ? result : this.#server.stamp.object(result));
      this.#prepared.set(key, prepared);
    }
    return prepared;
  }

  #visible(context: RequestContext): readonly object[] {
    const audience = { authInfo: context.authInfo };
    return this.#components.filter(one => exists(one, audience)).map(({ definition }) => definition);
  }

  #build(revision: string, offset: number, items: readonly object[], shared: boolean): Result {
    const { pageSize = items.length } = this.#server.options;
    const end = offset + pageSize;
    const result: Result = {
      [this.#member]: items.slice(offset, end),
      ...(end < items.length && { nextCursor: this.#cursorAt(end) }),
    };
    const hint = this.#server.options.cacheHints?.[this.#method];
    // What differs per caller must not be shared between them, whatever the author configured.
    const cached = withCacheFields(result, shared ? hint : { ...hint, cacheScope: 'private' });
    return projectResult(this.#method, cached, revision);
  }

  #cursorAt(offset: number): string {
    return signToken(this.#server.keyring, 'cursor', `${this.#method} ${offset}`);
  }

  #offsetOf(cursor: unknown): number {
    // The empty string is a legal cursor, and one that we never issue: it can only mean the beginning.
    if (typeof cursor !== 'string' || cursor === '') return 0;
    const payload = openToken(this.#server.keyring, 'cursor', cursor);
    const [method, offset] = payload?.split(' ') ?? [];
    if (method !== this.#method || offset === undefined) {
      throw new ProtocolError(INVALID_PARAMS, 'Invalid cursor: start again without one');
    }
    return Number(offset);
  }
}
