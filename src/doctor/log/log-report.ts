/** What a log says, for people and for programs. */
import type { Style } from '../report/style.ts';
import { wrapped } from '../report/wrap.ts';
import type { Arrivals, Tally } from './arrivals.ts';
import { CLAUDE_NETWORK } from './claude-network.ts';
import { type LogState, type LogVerdict, rowTitles } from './log-verdict.ts';

export const LOG_EXIT_CODES: Readonly<Record<LogState, number>> = { works: 0, refused: 1, absent: 1, empty: 2 };

/** Of each kind, so many are shown. */
const MAX_SHOWN = 15;

// What a terminal would obey; a log is full of texts of strangers.
const CONTROL = /[\p{Cc}\p{Cf}\u2028\u2029]/gu;

function time(ms: number | undefined): string {
  return ms === undefined ? 'at an unknown time' : `${new Date(ms).toISOString().slice(0, 19)}Z`;
}

function span({ firstMs, lastMs }: Tally): string {
  return firstMs === lastMs ? time(firstMs) : `${time(firstMs)} to ${time(lastMs)}`;
}

function shown(lines: readonly string[]): readonly string[] {
  const rest = lines.length - MAX_SHOWN;
  return [...lines.slice(0, MAX_SHOWN), ...(rest > 0 ? [`  and ${rest} more`] : [])];
}

function counted(count: number): string {
  return String(count).padStart(7);
}

export function logReport(arrivals: Arrivals, { says, rows, state }: LogVerdict, style: Style, width = 100): string {
  const columns = Math.max(60, Math.min(width, 120));
  const { requests, claude, unread, addresses, answers } = arrivals;
  const addressLines = addresses.map(
    ({ address, isClaude, ...tally }) =>
      `${counted(tally.count)}  ${address}${isClaude ? `  ${style.good(`Claude's network, ${CLAUDE_NETWORK}`)}` : ''}  ${style.dim(span(tally))}`,
  );
  const answerLines = answers.map(({ request, answer, isGood, ...tally }) => {
    const text = `${request} -> ${answer}`.replace(CONTROL, '\ufffd');
    return `${counted(tally.count)}  ${isGood ? text : style.fair(text)}  ${style.dim(span(tally))}`;
  });
  const [first = '', ...more] = says;
  const headline = state === 'works' ? style.good(first) : style.bad(first);
  const parts = [
    `${requests.count} ${requests.count === 1 ? 'request' : 'requests'}${requests.count === 0 ? '' : `, ${span(requests)}`}${unread === 0 ? '' : `; ${unread} ${unread === 1 ? 'line' : 'lines'} of another format`}\n${claude.count} of them Claude's${claude.count === 0 ? '' : `, ${span(claude)}`}`,
    ...(addressLines.length === 0 ? [] : [`${style.strong('From')}\n${shown(addressLines).join('\n')}`]),
    ...(answerLines.length === 0 ? [] : [`${style.strong('Asked and answered')}\n${shown(answerLines).join('\n')}`]),
    [headline, ...more].map(text => wrapped(text, columns)).join('\n'),
    ...(rows.length === 0
      ? []
      : [wrapped(`Rows that look like this (slipway doctor --explain ROW): ${rowTitles(rows).join(', ')}.`, columns)]),
  ];
  return `\n${parts.join('\n\n')}\n`;
}

function iso(tally: Tally) {
  const at = (ms: number | undefined) => (ms === undefined ? null : new Date(ms).toISOString());
  return { count: tally.count, first: at(tally.firstMs), last: at(tally.lastMs) };
}

export function logJson(arrivals: Arrivals, verdict: LogVerdict): string {
  const { requests, claude, unread, fromNetwork, addresses, answers } = arrivals;
  const whole = {
    format: 1,
    ...verdict,
    requests: iso(requests),
    unread,
    claude: { ...iso(claude), fromNetwork },
    addresses: addresses.map(({ address, isClaude, ...tally }) => ({ address, isClaude, ...iso(tally) })),
    answers: answers.map(({ request, answer, isGood, ...tally }) => ({ request, answer, isGood, ...iso(tally) })),
    exitCode: LOG_EXIT_CODES[verdict.state],
  };
  return `${JSON.stringify(whole, undefined, 2)}\n`;
}
