import type { ClientCapabilities } from '../protocol/capability.ts';
import type { ElicitRequestParams, ElicitResult } from '../protocol/elicitation.ts';
import type { JSONRPCNotification } from '../protocol/json-rpc.ts';
import type { LoggingLevel } from '../protocol/logging.ts';
import type { Root } from '../protocol/roots.ts';
import type {
  CreateMessageRequestParams,
  CreateMessageResult,
  CreateMessageResultWithTools,
} from '../protocol/sampling.ts';

/**
 * Answers a question to the user: a form (`mode` is `form` or absent) or a page to visit (`mode: 'url'`). What it throws is
 * what the request fails with in the modern era; an older server is told that there is no answer, and `onerror` why.
 */
export type ElicitHandler = (params: ElicitRequestParams, signal: AbortSignal) => ElicitResult | Promise<ElicitResult>;

/** Answers a question to the model. */
export type SampleHandler = (
  params: CreateMessageRequestParams,
  signal: AbortSignal,
) => CreateMessageResult | CreateMessageResultWithTools | Promise<CreateMessageResult | CreateMessageResultWithTools>;

export interface ClientOptions {
  /**
   * `auto` (default): the modern era if the server speaks it, else the handshake of the older one. A revision of the
   * modern era is used without a look at older ones; an older one is what `initialize` offers, without a look at newer.
   */
  protocolVersion?: 'auto' | (string & {});
  /** Asks the user. Without it, the client does not declare that it can be asked. */
  elicit?: ElicitHandler;
  /** Which questions it answers; default both. */
  elicitModes?: readonly ('form' | 'url')[];
  /** Asks a model. Without it, the server is told that there is none. */
  sample?: SampleHandler;
  /** The folders that the server is told of. Without them, it is told that there are none to ask for. */
  roots?: readonly Root[] | (() => readonly Root[] | Promise<readonly Root[]>);
  /** Capabilities to declare beside those that follow from the options above. */
  capabilities?: ClientCapabilities;
  /** In the modern era: the least severe log message to send while a request runs; default none. */
  logLevel?: LoggingLevel;
  /** Times that the server may ask for more input before it answers one request; default 20. */
  maxInputRounds?: number;
  /** Pages of one list; default 1,000. */
  maxPages?: number;
  /** Milliseconds that a server over stdio may take to say that it speaks the modern era; default 10,000. */
  probeTimeoutMs?: number;
  /** Hears notifications that belong to no request of this client, and log messages. */
  onnotification?: (notification: JSONRPCNotification) => void;
  /** Hears of what goes wrong beside the answers. */
  onerror?: (error: Error) => void;
}

/** What follows from the options. */
export function capabilitiesOf(options: ClientOptions): ClientCapabilities {
  const { elicit, elicitModes = ['form', 'url'], sample, roots, capabilities } = options;
  return {
    ...(elicit && { elicitation: Object.fromEntries(elicitModes.map(mode => [mode, {}])) }),
    ...(sample && { sampling: {} }),
    ...(roots && { roots: {} }),
    ...capabilities,
  };
}
