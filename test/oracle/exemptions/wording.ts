import type { Exemption } from '../exemption.ts';
import { bothAnswer, isAuthored, isField, isText, memberOf } from './answer-part.ts';

const REFERENCE = /^[0-9a-f]{12}$/;
const UNANSWERABLE = /^Cannot request input 'who' \(elicitation\/create\): /;

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
    name: 'an HTTP refusal carries a code of its own',
    covers: (difference, exchange, { sdk, slipway }) =>
      exchange.family === 'http' &&
      difference.field === 'messages.0.error.data' &&
      difference.sdk === undefined &&
      /^\{"code":"SLIP_[A-Z_]+"\}$/.test(JSON.stringify(difference.slipway)) &&
      sdk.status === slipway.status,
    reason: 'It names the entry of the documentation that says what to change.',
    spec: '2026-07-28, basic/index, Error Responses (data is optional)',
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
  {
    name: 'the wording of a question that can not be asked',
    covers: (difference, exchange, { sdk, slipway }) =>
      exchange.family === 'tools/call' &&
      difference.field === 'messages.0.result.content.0.text' &&
      [sdk, slipway].every(({ messages }) => memberOf(messages[0], 'result', 'isError') === true) &&
      [difference.sdk, difference.slipway].every(text => isText(text) && UNANSWERABLE.test(text)),
    reason: 'Both name the question and the missing capability; the SDK also tells how it serves this revision.',
    spec: '2025-11-25, server/tools, Error Handling, item 2',
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
      /\(reference [0-9a-f]{12}\)$/.test(difference.slipway) &&
      !isAuthored(difference.slipway),
    reason: 'An error that is no ProtocolError or ToolError was not written for the client: it gets a reference.',
    spec: '2026-07-28, server/tools, Error Handling (server errors); JSON-RPC 2.0, section 5.1 (-32603)',
  },
  {
    name: 'an internal error carries its reference',
    covers: (difference, exchange, answers) =>
      exchange.class === 'handler-error' &&
      difference.field === 'messages.0.error.data' &&
      difference.sdk === undefined &&
      Object.keys(difference.slipway ?? {}).join() === 'reference' &&
      REFERENCE.test(String(memberOf(difference.slipway, 'reference'))) &&
      bothAnswer(answers, -32603),
    reason: 'The same reference as in the message, for programs: the log explains the error under it.',
    spec: '2026-07-28, basic/index, Error Responses (data is optional)',
  },
];

export const wording: readonly Exemption[] = [...detail, ...redaction];
