import type { Difference } from './difference.ts';
import type { Exchange, Json } from './exchange.ts';
import type { Answers, Exemption } from './exemption.ts';
import type { Answer } from './replay.ts';
import { AUTHORED } from './servers.ts';

const hasModernEra = (exchange: Exchange) => exchange.era === '2026-07-28';
const isText = (value: Json | undefined): value is string => typeof value === 'string' && value !== '';
const isAuthored = (value: Json | undefined) => isText(value) && value.includes(AUTHORED);

function memberOf(value: Json | undefined, ...path: string[]): unknown {
  let found: unknown = value;
  for (const key of path) {
    if (found === null || typeof found !== 'object') return undefined;
    found = Object.hasOwn(found, key) ? Reflect.get(found, key) : undefined;
  }
  return found;
}

function errorCode(answer: Answer, index = 0): unknown {
  return memberOf(answer.messages[index], 'error', 'code');
}

/** The answer to a `ping`. */
function isEmptyResult(message: Json | undefined): boolean {
  return JSON.stringify(memberOf(message, 'result')) === '{}';
}

/** Both sides refuse with this code, so that only what accompanies it may differ. */
function bothAnswer(answers: Answers, code: number): boolean {
  return errorCode(answers.sdk) === code && errorCode(answers.slipway) === code;
}

function isField(difference: Difference, pattern: RegExp): boolean {
  return pattern.test(difference.field);
}

/** Framing: which of the allowed ways carries the messages. */
const framing: readonly Exemption[] = [
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
];

/** Wording and detail that no revision prescribes. */
const detail: readonly Exemption[] = [
  {
    name: 'the detail of a header mismatch',
    covers: (difference, _exchange, answers) =>
      isField(difference, /^messages\.0\.error\.data(\.|$)/) && bothAnswer(answers, -32020),
    reason: 'The error is defined by its code and status; what both sides add as data is their own.',
    spec: '2026-07-28, schema, HeaderMismatchError; basic/index, Error Responses (data is optional)',
  },
  {
    name: 'the detail of a malformed envelope',
    covers: (difference, _exchange, answers) =>
      isField(difference, /^messages\.0\.error\.data\.envelope\.(key|problem)$/) &&
      isText(difference.slipway) &&
      bothAnswer(answers, -32602),
    reason: 'The SDK shows the sentence of its schema library there, Slipway its own.',
    spec: '2026-07-28, basic/index, _meta (code and status only)',
  },
  {
    name: 'the wording of a failed validation in a tool result',
    covers: (difference, exchange) =>
      exchange.family === 'tools/call' &&
      isField(difference, /^messages\.\d+\.result\.content\.0\.text$/) &&
      isText(difference.sdk) &&
      /^(Input|Output) validation error/.test(difference.sdk) &&
      isText(difference.slipway) &&
      !difference.slipway.includes('\n    at '),
    reason: 'Both answer with isError and a text that says what is wrong; the text is for a model and free.',
    spec: '2026-07-28, server/tools, Error Handling, item 2',
  },
];

/** What a handler threw. */
const redaction: readonly Exemption[] = [
  {
    name: 'the message of a thrown error stays inside',
    covers: (difference, exchange) =>
      exchange.class === 'handler-error' &&
      isField(difference, /^messages\.\d+\.(result\.content\.0\.text|error\.message)$/) &&
      isAuthored(difference.sdk) &&
      isText(difference.slipway) &&
      !isAuthored(difference.slipway),
    reason: 'An error that is no ProtocolError or ToolError was not written for the client: it gets a reference.',
    spec: '2026-07-28, server/tools, Error Handling (server errors); JSON-RPC 2.0, section 5.1 (-32603)',
  },
];

/** Codes that the specification names where the SDK uses another. */
const codes: readonly Exemption[] = [
  {
    name: 'bad params are -32602',
    covers: (difference, exchange) =>
      exchange.class === 'bad-params' &&
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
    name: 'an HTTP refusal has no code of the legacy range',
    covers: (difference, exchange, answers) =>
      exchange.family === 'http' &&
      isField(difference, /^messages\.0\.error\.code$/) &&
      difference.sdk === -32000 &&
      answers.sdk.status === answers.slipway.status,
    reason: 'New implementations should use no code from -32000 to -32019; the status says what is wrong.',
    spec: '2026-07-28, basic/index, Error Codes',
  },
];

/** HTTP: media types and paths. */
const http: readonly Exemption[] = [
  {
    name: 'any Accept is served',
    covers: (_difference, exchange, { sdk, slipway }) =>
      exchange.family === 'http' &&
      /^legacy (without )?Accept/.test(exchange.name) &&
      sdk.status === 406 &&
      slipway.status === 200 &&
      isEmptyResult(slipway.messages[0]),
    reason: "The duty to list both types is the client's; 406 makes real clients give up, and both types are at hand.",
    spec: '2025-11-25, basic/transports, Sending Messages to the Server, items 2 and 5; RFC 9110, section 12.5.1',
  },
  {
    name: 'a reserved path is not the MCP endpoint',
    covers: (_difference, exchange, { sdk, slipway }) =>
      exchange.request.path.startsWith('/.well-known/') && sdk.status === 405 && slipway.status === 404,
    reason: 'A server without sign-in has no such metadata, and clients take anything but 404 as a sign of it.',
    spec: 'RFC 9728, section 3; RFC 8615; 2026-07-28, basic/authorization, Protected Resource Metadata discovery',
  },
];

/** Messages that one side takes and the other refuses. */
const messages: readonly Exemption[] = [
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
      exchange.name.endsWith('id that is a fraction') &&
      difference.field === 'messages.0.id' &&
      difference.sdk === 1.5 &&
      difference.slipway === null,
    reason: 'A fraction is no request id, so no id could be read.',
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
];

/** Every difference between Slipway and the official SDK that the specification allows or asks for. */
export const exemptions: readonly Exemption[] = [...framing, ...detail, ...redaction, ...codes, ...http, ...messages];
