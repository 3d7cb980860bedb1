/** Rows that the server file shows: 47 and 48, which nothing else does, and limits that lead to 100. */
import { fact } from '../evidence.ts';
import type { Sighting } from '../probe.ts';
import type { OfferedTool } from './offered-tools.ts';
import { MAX_NAMED, nameOf } from './tool-lint.ts';

/** What Claude was measured to wait for a call. */
export const CLAUDE_CALL_MS = 60_000;
/** Where Claude cuts results. */
const CLAUDE_RESULT_CHARS = 150_000;

/** Ways to ask the user or the model from a handler, in the words of Slipway and of the official SDK. */
const ASKS = /\b(?:elicit|sample|elicitInput|requestSampling|createMessage|inputRequired)\s*\(/;
/** Looks at what the client can do before it asks. */
const LOOKS = /\bclientCapabilities\b|\bgetClientCapabilities\b|\bcapabilities\??\.(?:elicitation|sampling)\b/;

function sighting(row: number, texts: readonly string[], note?: string): readonly Sighting[] {
  if (texts.length === 0) return [];
  return [{ row, evidence: texts.slice(0, MAX_NAMED).map(fact), ...(note !== undefined && { note }) }];
}

function durationOf(ms: number): string {
  return ms === Infinity ? 'as long as it likes' : `${ms / 1_000} s`;
}

function look(tools: readonly OfferedTool[]): readonly Sighting[] {
  const named = tools.map((tool, index) => ({ ...tool, name: nameOf(tool.definition, index) }));
  const slow = named.filter(({ timeoutMs = 0 }) => timeoutMs > CLAUDE_CALL_MS);
  const asking = named.filter(({ code = '' }) => ASKS.test(code) && !LOOKS.test(code));
  const large = named.filter(({ maxResultChars = 0 }) => maxResultChars > CLAUDE_RESULT_CHARS);
  return [
    ...sighting(
      47,
      slow.map(({ name, timeoutMs }) => `'${name}' may take ${durationOf(timeoutMs!)}`),
    ),
    ...sighting(
      48,
      asking.map(({ name }) => `the handler of '${name}' asks, and does not look at what the client can answer`),
      'Read from the code of the handler; what it calls was not read.',
    ),
    ...sighting(
      100,
      large.map(({ name, maxResultChars }) => `'${name}' may return ${maxResultChars} characters`),
    ),
  ];
}

export const SERVER_LINTS = { rows: [47, 48, 100], look } as const;
