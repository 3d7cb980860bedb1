/**
 * The sessions of the 2025 era: issued, recognised, changed, ended. What a session is stands in its id; what changes is
 * in the store; a bounded number of recently used ones is kept here so that a call costs neither.
 */
import type { ClientCapabilities } from '../protocol/capability.ts';
import { SlipwayError } from '../protocol/coded-error.ts';
import type { Implementation } from '../protocol/implementation.ts';
import { INTERNAL_ERROR } from '../protocol/json-rpc.ts';
import type { LoggingLevel } from '../protocol/logging.ts';
import { ProtocolError } from '../protocol/protocol-error.ts';
import type { Keyring } from '../sealing/keyring.ts';
import type { Logger } from '../server/logger.ts';
import type { BusEntry, SessionChange } from '../state/bus.ts';
import type { MaybePromise } from '../state/maybe-promise.ts';
import { FRESH_SESSION, type SessionRecord, type SessionStore, TERMINATED_SESSION } from '../state/session-store.ts';
import type { State } from '../state/state.ts';
import { Session } from './session.ts';
import { principalDigest } from './session-facts.ts';
import { newSessionKey, openSessionId, sealSessionId } from './session-id.ts';

/** Sessions whose opened ids are kept: the busy ones. The ids of all others are opened again when they are used. */
const MAX_RECENT = 2_000;
/** A record read from the store is believed for so long, should news of a change not arrive. */
const RECORD_MS = 1_000;

export const DEFAULT_SESSION_TTL_MS = 7 * 24 * 3_600_000;

/** What `initialize` settled. */
export interface Handshake {
  readonly revision: string;
  readonly clientCapabilities: ClientCapabilities;
  readonly clientInfo: Implementation;
}

export class Sessions {
  readonly #keyring: Keyring;
  readonly #state: State;
  readonly #ttlMs: number;
  readonly #logger: () => Logger;
  readonly #recent = new Map<string, Session>();
  readonly #byKey = new Map<string, Session>();
  readonly #offBus: () => void;

  /** Told the key of each session that was ended, here or in another process. May be told twice. */
  onTerminated: (key: string) => void = () => {};

  constructor(keyring: Keyring, state: State, ttlMs: number, logger: () => Logger) {
    this.#keyring = keyring;
    this.#state = state;
    this.#ttlMs = ttlMs;
    this.#logger = logger;
    this.#offBus = state.bus.subscribe(entry => this.#hear(entry));
  }

  close(): void {
    this.#offBus();
  }

  /** The id of a new session; nothing is remembered. */
  issue(handshake: Handshake, principal: string | undefined): string {
    const issuedAt = Date.now();
    return sealSessionId(this.#keyring, {
      ...handshake,
      key: newSessionKey(),
      issuedAt,
      expiresAt: issuedAt + this.#ttlMs,
      principal: principalDigest(principal),
    });
  }

  /**
   * The session of an id.
   *
   * @param principal who presents it, see `principalOf`
   * @throws SlipwayError `SLIP_SESSION_UNKNOWN`; also as a rejection
   */
  open(id: string, principal: string | undefined): MaybePromise<Session> {
    const session = this.#recent.get(id) ?? this.#recognise(id);
    const { facts } = session;
    if (Date.now() >= facts.expiresAt) throw new SlipwayError('SLIP_SESSION_UNKNOWN', { why: 'it has expired' });
    // One answer for whoever may not use it: that it exists is nobody else's business.
    if (principal === undefined || principal !== session.owner) {
      if (facts.principal !== principalDigest(principal)) {
        throw new SlipwayError('SLIP_SESSION_UNKNOWN', { why: 'its id was not issued here' });
      }
      session.owner = principal;
    }
    if (session.record === undefined || performance.now() - session.readAt > RECORD_MS) {
      return this.#refresh(session);
    }
    return this.#alive(session);
  }

  #alive(session: Session): Session {
    if (session.record?.terminated) throw new SlipwayError('SLIP_SESSION_UNKNOWN', { why: 'it has been ended' });
    return session;
  }

  #recognise(id: string): Session {
    const facts = openSessionId(this.#keyring, id);
    if (facts === undefined) throw new SlipwayError('SLIP_SESSION_UNKNOWN', { why: 'its id was not issued here' });
    const session = new Session(id, facts);
    if (this.#recent.size >= MAX_RECENT) {
      const [oldest] = this.#recent.values();
      this.#recent.delete(oldest!.id);
      this.#byKey.delete(oldest!.key);
    }
    this.#recent.set(id, session);
    this.#byKey.set(facts.key, session);
    return session;
  }

  /** Asks the store. While it can not be asked, what is known counts: a call must not fail because a disk does. */
  #refresh(session: Session): MaybePromise<Session> {
    const believe = (record: SessionRecord): Session => {
      session.record = record;
      session.readAt = performance.now();
      return this.#alive(session);
    };
    const doubt = (error: unknown): Session => {
      this.#logger().warn({ error }, 'the session store can not be read; sessions are served as last known');
      return believe(session.record ?? FRESH_SESSION);
    };
    let read: MaybePromise<SessionRecord>;
    try {
      read = this.#state.sessions.read(session.facts);
    } catch (error) {
      return doubt(error);
    }
    return read instanceof Promise ? read.then(believe, doubt) : believe(read);
  }

  /** @throws ProtocolError when the store can not take it */
  async setLogLevel(session: Session, level: LoggingLevel): Promise<void> {
    await this.#write(session, { type: 'level', level }, store => store.setLogLevel(session.facts, level));
  }

  /** @throws ProtocolError when the session has as many as it may, or the store can not take it */
  async subscribe(session: Session, uri: string): Promise<void> {
    await this.#write(session, { type: 'subscribed', uri }, store => store.subscribe(session.facts, uri));
  }

  /** @throws ProtocolError when the store can not take it */
  async unsubscribe(session: Session, uri: string): Promise<void> {
    await this.#write(session, { type: 'unsubscribed', uri }, store => store.unsubscribe(session.facts, uri));
  }

  /** @throws ProtocolError when the store can not take it: the session lives on then */
  async terminate(session: Session): Promise<void> {
    await this.#write(session, { type: 'terminated' }, store => store.terminate(session.facts));
  }

  /** Waits for a write, then tells everybody who holds something of the session. */
  async #write(
    session: Session,
    change: SessionChange,
    write: (store: SessionStore) => MaybePromise<void>,
  ): Promise<void> {
    try {
      await write(this.#state.sessions);
      apply(session, change);
      if (change.type === 'terminated') this.onTerminated(session.key);
    } catch (error) {
      throw storeFault(error, this.#logger());
    }
    try {
      await this.#state.bus.publish({ kind: 'session', session: session.key, change });
    } catch (error) {
      const fault = storeFault(error, this.#logger());
      // It has ended: the other processes see it in the store within a second.
      if (change.type !== 'terminated') throw fault;
    }
    // The caller goes on with what is true now.
    try {
      await this.#refresh(session);
    } catch {
      // It has ended: the next request hears of it.
    }
  }

  #hear({ event }: BusEntry): void {
    if (event.kind === 'gap') for (const session of this.#recent.values()) distrust(session);
    if (event.kind !== 'session' || event.change.type === 'claimed') return;
    if (event.change.type === 'terminated') this.onTerminated(event.session);
    const session = this.#byKey.get(event.session);
    if (session !== undefined) apply(session, event.change);
  }
}

/** Has the store asked again by the next request; until then, calls that are being answered see what is known. */
function distrust(session: Session): void {
  session.readAt = Number.NEGATIVE_INFINITY;
}

function apply(session: Session, change: SessionChange): void {
  distrust(session);
  if (change.type === 'terminated') session.record = TERMINATED_SESSION;
  else if (change.type === 'level' && session.record !== undefined) {
    session.record = { ...session.record, logLevel: change.level };
  }
}

/** What a client hears when something could not be written: the code, not the path and the reason. */
export function storeFault(error: unknown, logger: Logger): ProtocolError {
  if (error instanceof SlipwayError && error.code === 'SLIP_SUBSCRIPTION_LIMIT') {
    return new ProtocolError(INTERNAL_ERROR, `Subscription limit reached: ${error.what}`, { code: error.code });
  }
  logger.error({ error }, 'the state store did not take a write');
  const code = error instanceof SlipwayError ? error.code : 'SLIP_STORE_UNAVAILABLE';
  return new ProtocolError(INTERNAL_ERROR, 'The server can not remember this now; try again later', { code });
}
