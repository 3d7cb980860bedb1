import type { Exemption } from '../exemption.ts';
import { errorCode, isEmptyResult, olderRevision } from './answer-part.ts';

/** Messages that one side takes and the other refuses. */
export const messages: readonly Exemption[] = [
  {
    name: 'a header with a byte outside ASCII is refused',
    covers: (_difference, exchange, { sdk, slipway }) =>
      exchange.class === 'bad-header' &&
      exchange.name.includes('ASCII') &&
      sdk.status === 200 &&
      slipway.status === 400 &&
      errorCode(slipway) === -32020,
    reason: 'The SDK compares the bytes as they are; values with invalid characters must be refused.',
    spec: '2026-07-28, basic/transports/streamable-http, Server Behavior for Custom Headers; Server Validation',
  },
  {
    name: 'an id that is no id is not echoed',
    covers: (difference, exchange) =>
      /id that is (a fraction|beyond the safe integers)$/.test(exchange.name) &&
      difference.field === 'messages.0.id' &&
      (difference.sdk === 1.5 || difference.sdk === 2 ** 53) &&
      difference.slipway === null,
    reason:
      'A fraction is no request id, and a number beyond the safe integers is read as another: no id could be read.',
    spec: '2026-07-28, schema, RequestId; basic/index, Requests; JSON-RPC 2.0, section 5',
  },
  {
    name: 'an unknown member of a message is ignored',
    covers: (_difference, exchange, { sdk, slipway }) =>
      exchange.name === 'an unknown member' &&
      sdk.status === 400 &&
      slipway.status === 200 &&
      isEmptyResult(slipway.messages[0]),
    reason: 'The SDK refuses it; no revision forbids it, and a later one may define it.',
    spec: '2025-11-25, basic/index, Requests; JSON-RPC 2.0, section 4',
  },
  {
    name: 'initialize is no part of a batch',
    covers: (_difference, exchange, { sdk, slipway }) =>
      exchange.name === 'a batch with initialize alone' &&
      sdk.status === 200 &&
      slipway.status === 400 &&
      errorCode(slipway) === -32600,
    reason: 'The SDK takes it when it is alone.',
    spec: '2025-03-26, basic/lifecycle, Initialization',
  },
  {
    name: 'a later revision has no batches',
    covers: (_difference, exchange, { sdk, slipway }) =>
      exchange.family === 'batch' &&
      olderRevision(exchange) >= '2025-06-18' &&
      sdk.status === 200 &&
      slipway.status === 400 &&
      errorCode(slipway) === -32600,
    reason: 'The SDK takes them in every revision with a handshake; the body must be a single message.',
    spec: '2025-06-18, changelog, Major changes, item 1; 2025-11-25, basic/transports, Sending Messages to the Server, item 3',
  },
];
