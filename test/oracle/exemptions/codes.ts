import type { Exemption } from '../exemption.ts';
import { errorCode, isField, memberOf, versionHeader } from './answer-part.ts';

/** Codes that the specification names where the SDK uses another. */
export const codes: readonly Exemption[] = [
  {
    name: 'bad params are -32602',
    covers: (difference, exchange) =>
      (exchange.class === 'bad-params' || exchange.name === 'Mcp-Name where the body has none') &&
      isField(difference, /^messages\.\d+\.error\.code$/) &&
      difference.sdk === -32603 &&
      difference.slipway === -32602,
    reason: 'The SDK reports params that fail its schema as an internal error (typescript-sdk issue 2284).',
    spec: '2026-07-28, schema, InvalidParamsError; JSON-RPC 2.0, section 5.1',
  },
  {
    name: 'a missing resource is -32002 for the older revisions',
    covers: (difference, exchange) =>
      exchange.family === 'resources/read' &&
      exchange.era.startsWith('2025-') &&
      isField(difference, /^messages\.0\.error\.code$/) &&
      difference.sdk === -32602 &&
      difference.slipway === -32002,
    reason: 'The SDK sends the code of the newest revision to every client.',
    spec: '2025-11-25, server/resources, Error Handling; 2026-07-28, changelog, Minor changes, item 6',
  },
  {
    name: 'an unknown cursor is refused',
    covers: (difference, exchange, { sdk, slipway }) =>
      exchange.name.endsWith('with an unknown cursor') &&
      isField(difference, /^messages\.0\.(result|error)(\.|$)/) &&
      memberOf(sdk.messages[0], 'result') !== undefined &&
      errorCode(slipway) === -32602,
    reason: 'The SDK has no pagination and ignores the cursor.',
    spec: '2026-07-28, server/utilities/pagination, Error Handling',
  },
  {
    name: 'a refusal has no code of the legacy range',
    covers: (difference, exchange, { sdk, slipway }) =>
      (exchange.family === 'http' || exchange.class === 'bad-message') &&
      difference.field === 'messages.0.error.code' &&
      difference.sdk === -32000 &&
      difference.slipway === -32600 &&
      sdk.status === slipway.status,
    reason: 'New implementations should use no code from -32000 to -32019; the status says what is wrong.',
    spec: '2026-07-28, basic/index, Error Codes',
  },
  {
    name: 'an unsupported version header is -32022',
    covers: (difference, exchange, { sdk, slipway }) => {
      if (exchange.class !== 'bad-version' || sdk.status !== 400 || slipway.status !== 400) return false;
      if (errorCode(sdk) !== -32000 || errorCode(slipway) !== -32022) return false;
      if (difference.field === 'messages.0.error.code') return true;
      if (difference.field === 'messages.0.id') return difference.slipway === memberOf(exchange.request.body, 'id');
      const supported = memberOf(difference.slipway, 'supported');
      return (
        difference.field === 'messages.0.error.data' &&
        Array.isArray(supported) &&
        ['2026-07-28', '2025-11-25', '2025-06-18', '2025-03-26'].every(version => supported.includes(version)) &&
        memberOf(difference.slipway, 'requested') === versionHeader(exchange.request.headers)
      );
    },
    reason:
      'The SDK sends -32000 and a sentence; the error is defined, names what is served, and carries a readable id.',
    spec: '2026-07-28, basic/transports/streamable-http, Protocol Version Header; JSON-RPC 2.0, section 5 (id)',
  },
];
