/**
 * The Peer contract: how a request that is being answered talks back to its client. Each transport and, in the 2025 era,
 * the session floor implements it; handlers only see it through their context.
 */
import { hash } from 'node:crypto';
import type { AuthInfo } from '../protocol/auth-info.ts';
import type { ClientCapabilities } from '../protocol/capability.ts';
import type { Implementation } from '../protocol/implementation.ts';
import type { RequestId } from '../protocol/json-rpc.ts';
import type { LoggingLevel } from '../protocol/logging.ts';
import type { Notification } from '../protocol/notification.ts';
import type { Progress } from '../protocol/progress.ts';

/** Options of a request that the server sends to its client. */
export interface RequestOptions {
  /** Milliseconds to wait for the answer; default 60,000. */
  timeout?: number;
  /** Gives up waiting when aborted. */
  signal?: AbortSignal;
  /** Called for each progress notification of the client. */
  onprogress?: (progress: Progress) => void;
  /** Whether progress starts the timeout anew; default false. */
  resetTimeoutOnProgress?: boolean;
  /** Milliseconds to wait at most, whatever the progress. */
  maxTotalTimeout?: number;
  /** The request this one belongs to, where the transport can tell streams apart. */
  relatedRequestId?: RequestId;
}

/** What HTTP adds to a request; absent on other transports. */
export interface HttpFacts {
  readonly authInfo?: AuthInfo;
  /** The request in web form, made when first read. */
  readonly req?: Request;
  /** One header by its lower-case name. */
  header(name: string): string | undefined;
  /** The address of the client, as far as trusted proxies say; else that of the socket's other end. */
  readonly remoteAddress: string | undefined;
  /** Ends the stream of this request so that the client polls (2025-11-25); only where streams resume. */
  readonly closeSSE?: () => void;
  readonly closeStandaloneSSE?: () => void;
}

export interface Peer {
  /** Aborts when the client no longer waits: disconnect, cancellation, timeout, shutdown. */
  readonly signal: AbortSignal;
  readonly http: HttpFacts | undefined;
  /** The id that something in front gave the request, for logs. */
  readonly requestId?: string | undefined;
  /** Whether the client has left or taken the request back, as far as it is known without looking at the signal. */
  readonly cancelled?: boolean;
  readonly authInfo: AuthInfo | undefined;
  readonly sessionId: string | undefined;
  /** What a 2025-era client said in `initialize`; a modern request carries it in its envelope. */
  readonly clientCapabilities: ClientCapabilities | undefined;
  readonly clientInfo: Implementation | undefined;
  /** The level a 2025-era session asked for; undefined means no filter. */
  readonly logLevel: LoggingLevel | undefined;
  /** Remembers the level for the session, where there is one. */
  setLogLevel?(level: LoggingLevel): void | Promise<void>;
  /** Has changes of this resource told to the client from now on, in the 2025 era; twice is the same as once. */
  subscribe?(uri: string): void | Promise<void>;
  unsubscribe?(uri: string): void | Promise<void>;
  /** Delivers a notification about this request; dropped once it is answered. */
  notify(notification: Notification): void | Promise<void>;
  /** Asks the client; rejects where it can not be asked. */
  request(method: string, params: unknown, options?: RequestOptions): Promise<unknown>;
}

/** Who is calling, as one string to bind sealed values to; undefined for anonymous callers. */
export function principalOf(authInfo: AuthInfo | undefined): string | undefined {
  if (authInfo === undefined) return undefined;
  const subject = authInfo.extra?.['sub'];
  // Without a subject only the token tells the users of one client apart; after a refresh the user is asked anew.
  const user = typeof subject === 'string' ? ['sub', subject] : ['token', hash('sha256', authInfo.token, 'base64url')];
  return JSON.stringify([authInfo.clientId, ...user]);
}
