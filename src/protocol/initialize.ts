/** The handshake of legacy revisions (MCP 2025-11-25, basic/lifecycle). */
import type { ClientCapabilities, ServerCapabilities } from './capability.ts';
import type { Implementation } from './implementation.ts';
import type { NotificationParams, RequestParams } from './json-rpc.ts';
import { isPlainObject } from './json-rpc.ts';
import type { Result } from './result.ts';

export type InitializeRequestParams = RequestParams & {
  /** The newest revision that the client speaks. */
  protocolVersion: string;
  capabilities: ClientCapabilities;
  clientInfo: Implementation;
};
export type InitializeRequest = { method: 'initialize'; params: InitializeRequestParams };

export type InitializeResult = Result & {
  /** The revision that both will speak. */
  protocolVersion: string;
  capabilities: ServerCapabilities;
  serverInfo: Implementation;
  instructions?: string;
};

export type InitializedNotification = { method: 'notifications/initialized'; params?: NotificationParams };

export type PingRequest = { method: 'ping'; params?: RequestParams };

/** Whether `value` is an `initialize` request, with or without its JSON-RPC envelope, and its parameters are complete. */
export function isInitializeRequest(value: unknown): value is InitializeRequest {
  if (!isPlainObject(value) || value['method'] !== 'initialize') return false;
  const params = value['params'];
  if (!isPlainObject(params)) return false;
  const client = params['clientInfo'];
  return (
    typeof params['protocolVersion'] === 'string' &&
    isPlainObject(params['capabilities']) &&
    isPlainObject(client) &&
    typeof client['name'] === 'string' &&
    typeof client['version'] === 'string'
  );
}

/** Whether `value` is the notification that ends the handshake. */
export function isInitializedNotification(value: unknown): value is InitializedNotification {
  return (
    isPlainObject(value) &&
    value['method'] === 'notifications/initialized' &&
    (value['params'] === undefined || isPlainObject(value['params']))
  );
}
