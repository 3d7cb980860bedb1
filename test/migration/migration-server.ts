/** What a server file of this folder exports: at least one of `handler`, `listener` and `connect`. */

import type { IncomingMessage, ServerResponse } from 'node:http';
import type { FetchLikeMcpHandler } from '@modelcontextprotocol/node';
import type { Transport } from '@modelcontextprotocol/server';

export interface MigrationServer {
  /** From createMcpHandler; mounted with toNodeHandler unless `listener` does it differently. */
  readonly handler?: FetchLikeMcpHandler;
  /** The server's own node:http request listener. */
  readonly listener?: (request: IncomingMessage, response: ServerResponse) => void;
  /** Serves one in-memory connection. */
  readonly connect?: (transport: Transport) => Promise<void>;
  /** What the driver may trigger from outside of the protocol, such as a change that is published. */
  readonly actions?: Readonly<Record<string, (argument: never) => unknown>>;
}

/** What the driver sends to the child process. */
export type Command =
  | { readonly op: 'open' }
  | { readonly op: 'send'; readonly message: unknown }
  | { readonly op: 'hangUp' }
  | { readonly op: 'action'; readonly name: string; readonly argument: unknown };

/** What the child process sends to the driver. */
export type Report =
  | { readonly op: 'ready'; readonly port: number }
  | { readonly op: 'done'; readonly number: number; readonly value: unknown }
  | { readonly op: 'failed'; readonly number: number; readonly reason: string }
  | { readonly op: 'message'; readonly message: unknown }
  | { readonly op: 'closed' };
