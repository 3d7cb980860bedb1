import type { AuthInfo } from '../protocol/auth-info.ts';
import type { JSONRPCMessage, RequestId } from '../protocol/json-rpc.ts';

/** What a sender may add to one message. Transports ignore what does not concern them. */
export interface TransportSendOptions {
  /** The incoming request that this message belongs to, where a transport has a stream for each. */
  relatedRequestId?: RequestId | undefined;
  /** Where to continue an interrupted stream. */
  resumptionToken?: string | undefined;
  /** Hears of each new resumption token. */
  onresumptiontoken?: ((token: string) => void) | undefined;
  /** Cancels the request underneath this message, where each message has its own. */
  requestSignal?: AbortSignal | undefined;
  /** Called when the stream of this message ends for another reason than `requestSignal`. */
  onRequestStreamEnd?: (() => void) | undefined;
  /** HTTP headers to send with this message, verbatim. */
  headers?: Readonly<Record<string, string>> | undefined;
}

/** Which family of revisions a message was found to belong to, by a transport that looked. */
export interface MessageClassification {
  /** `legacy` up to 2025-11-25, `modern` from 2026-07-28 on. */
  era: 'legacy' | 'modern';
  /** The exact revision, when it was derived. */
  revision?: string;
}

/** What a transport knows about a message beside the message. */
export interface MessageExtraInfo {
  /** The HTTP request that carried it. */
  request?: Request;
  classification?: MessageClassification;
  /** Who sent it, when the transport authenticates. */
  authInfo?: AuthInfo;
  /** Ends the stream of this request so that the client reconnects (2025-11-25). */
  closeSSEStream?: () => void;
  /** Ends the standalone GET stream so that the client reconnects (2025-11-25). */
  closeStandaloneSSEStream?: () => void;
}

/**
 * A channel of whole JSON-RPC messages (MCP 2026-07-28, basic/transports), in the shape of the official SDK: transports
 * written for it serve here. Set the callbacks before `start()`; `connect()` of a server does both.
 */
export interface Transport {
  /** Begins to deliver messages. */
  start(): Promise<void>;
  /** Sends one message; rejects when the channel is closed. */
  send(message: JSONRPCMessage, options?: TransportSendOptions): Promise<void>;
  /** Sends one JSON-RPC batch (2025-03-26); where a transport has none, its messages go one by one. */
  sendBatch?(messages: readonly JSONRPCMessage[]): Promise<void>;
  /** Closes the channel; `onclose` is called then too. */
  close(): Promise<void>;
  /** Whether each outgoing request has its own stream, whose end cancels it. */
  readonly hasPerRequestStream?: boolean;
  /** Called once the channel is closed, for whatever reason. */
  onclose?: (() => void) | undefined;
  /** Called for what went wrong beside the messages; the channel may live on. */
  onerror?: ((error: Error) => void) | undefined;
  /** Called for each message that arrives. */
  onmessage?: (<T extends JSONRPCMessage>(message: T, extra?: MessageExtraInfo) => void) | undefined;
  /**
   * Called when no message will arrive any more although messages can still be sent. Resolves once what was begun is
   * answered; the transport waits for that as long as it may, then closes.
   */
  oninputend?: (() => Promise<void>) | undefined;
  /** The session of this channel, when it has one (2025 era). */
  sessionId?: string | undefined;
  /** Told the negotiated revision. */
  setProtocolVersion?: ((version: string) => void) | undefined;
  /** Told the revisions that the server answers to. */
  setSupportedProtocolVersions?: ((versions: string[]) => void) | undefined;
}
