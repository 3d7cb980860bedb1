import type { Exemption } from '../exemption.ts';
import { hasModernEra, isField, memberOf } from './answer-part.ts';

/** Framing: which of the allowed ways carries the messages, and when a stream ends. */
export const framing: readonly Exemption[] = [
  {
    name: 'a legacy request is answered as JSON',
    covers: (difference, exchange, { sdk, slipway }) =>
      difference.field === 'framing' &&
      !hasModernEra(exchange) &&
      sdk.framing === 'sse' &&
      slipway.framing === 'json' &&
      sdk.messages.length === slipway.messages.length,
    reason: 'The SDK opens a stream for every request of the older revisions; one JSON object is the cheaper choice.',
    spec: '2025-11-25, basic/transports, Sending Messages to the Server, item 5',
  },
  {
    name: 'a batch is answered as one array',
    covers: (difference, exchange, { slipway }) =>
      difference.field === 'batch' && exchange.family === 'batch' && slipway.framing === 'json' && slipway.batch,
    reason: 'The responses to a batch are one array in JSON and separate events in a stream.',
    spec: '2025-03-26, basic/transports, Sending Messages to the Server, item 4; JSON-RPC 2.0, section 6',
  },
  {
    name: 'a client that takes JSON only gets no notifications',
    covers: (difference, exchange, { sdk, slipway }) =>
      exchange.name === 'progress for a client that takes JSON only' &&
      isField(difference, /^(framing|messages\.\d+(\.|$))/) &&
      sdk.framing === 'sse' &&
      slipway.framing === 'json' &&
      slipway.messages.length === 1 &&
      JSON.stringify(memberOf(slipway.messages[0], 'result')) ===
        JSON.stringify(memberOf(sdk.messages.at(-1), 'result')),
    reason:
      'The SDK streams in spite of the Accept; notifications of progress may be left out, the result is the same.',
    spec: '2026-07-28, basic/patterns/progress, Behavior Requirements; RFC 9110, section 12.5.1',
  },
];
