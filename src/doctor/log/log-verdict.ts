/** What a log says about Claude, and what to look at next. */
import { entryOf } from '../catalogue/catalogue.ts';
import { type Arrivals, type ArrivalsByAnswer, isDiscovery } from './arrivals.ts';
import { CLAUDE_NETWORK } from './claude-network.ts';

/** `works`: its last request was answered well. `refused`: it arrived, and its last one was not. `absent`: never. */
export type LogState = 'works' | 'refused' | 'absent' | 'empty';

export interface LogVerdict {
  readonly state: LogState;
  /** One sentence each. */
  readonly says: readonly string[];
  /** Rows of the catalogue that answers of this kind have come from. */
  readonly rows: readonly number[];
}

/** A kind of answer, and the rows that lead to it. */
const LEADS: readonly (readonly [answer: RegExp, rows: readonly number[], says: string])[] = [
  [/^30[12378]\b/, [6, 7, 8, 17], 'It was sent elsewhere.'],
  [/^400\b/, [33, 37, 39, 42, 43, 51], 'The server did not like the request.'],
  [/^403\b/, [12, 19, 20, 21], 'Something in front of the server, or the server itself, refuses it.'],
  [/^404\b/, [9, 11, 45], 'Nothing is at the path, or the session is not known there.'],
  [/^405\b/, [9, 10], 'POST is not allowed at the path: it may be the path of something else.'],
  [/^406\b/, [32], 'It does not accept what the server wants to send.'],
  [/^413\b/, [23], 'A body was too large for something on the way.'],
  [/^421\b/, [19], 'The server does not know the name that it was asked for.'],
  [/^429\b/, [16], 'It is limited together with all other users of Claude.'],
  [/^499\b/, [25, 36, 46], 'It left before there was an answer.'],
  [/^50[234]\b/, [25, 27, 46], 'The front got no answer from the server, or not in time.'],
];

/** 401s alone. Staff triage: a sign-in that completes, and then nothing but 401, is a bearer that the server refuses. */
const SIGN_IN_ROWS = [24, 49, 50, 56, 78, 79, 80];

function whenAbsent({ requests, unread }: Arrivals): LogVerdict {
  if (requests.count === 0) {
    const says =
      unread === 0
        ? 'The log is empty.'
        : `None of its ${unread} lines could be read: it has to be nginx's combined format, or Slipway's JSON lines.`;
    return { state: 'empty', says: [says], rows: [] };
  }
  const says = [
    'Claude never arrived in this log.',
    'If somebody tried to connect in this time, the request was stopped before: by a firewall or a content delivery network, by an address or a name that leads elsewhere, or inside of the client.',
    `Allow ${CLAUDE_NETWORK} at everything that stands before this log, and look into their own logs.`,
  ];
  return { state: 'absent', says, rows: [14, 22, 1, 2, 3, 4, 5] };
}

function leadsOf(answers: readonly ArrivalsByAnswer[]): { says: string[]; rows: number[] } {
  const bad = answers.filter(({ isGood }) => !isGood);
  const leads = LEADS.filter(([answer]) => bad.some(given => answer.test(given.answer)));
  return { says: leads.map(([, , says]) => says), rows: [...new Set(leads.flatMap(([, rows]) => rows))] };
}

/** Asked to sign in, and the places that would say where answer 404. */
function isWithoutMetadata(answers: readonly ArrivalsByAnswer[]): boolean {
  const metadata = answers.filter(({ request }) => request.includes('/.well-known/oauth-protected-resource'));
  return metadata.length > 0 && metadata.every(({ answer }) => /^404\b/.test(answer));
}

function whenSignInFails(answers: readonly ArrivalsByAnswer[]): LogVerdict {
  const says = ['Claude arrived and was asked to sign in, each time: a token that the server accepts never came.'];
  if (isWithoutMetadata(answers)) {
    return { state: 'refused', says: [...says, 'The places that would say where to sign in answer 404.'], rows: [49] };
  }
  const two = 'If the sign-in page was completed, the server refuses the token; if not, the sign-in itself fails.';
  return { state: 'refused', says: [...says, two], rows: SIGN_IN_ROWS };
}

function whenRefused({ answers, lastGood }: Arrivals): LogVerdict {
  const atEndpoint = answers.filter(({ request }) => !isDiscovery(request));
  if (atEndpoint.length > 0 && atEndpoint.every(({ answer }) => /^401\b/.test(answer))) return whenSignInFails(answers);
  const { says, rows } = leadsOf(atEndpoint);
  const before =
    lastGood?.timeMs === undefined
      ? []
      : [`It worked before: the last good answer was at ${new Date(lastGood.timeMs).toISOString()}.`];
  return { state: 'refused', says: ['Claude arrived, and its last request was refused.', ...before, ...says], rows };
}

/** @param arrivals as `readArrivals` gives them */
export function logVerdict(arrivals: Arrivals): LogVerdict {
  const { claude, last, fromNetwork } = arrivals;
  if (claude.count === 0) return whenAbsent(arrivals);
  const verdict: LogVerdict =
    last?.isGood === true
      ? { state: 'works', says: ['Claude arrived, and its last request was answered well.'], rows: [] }
      : whenRefused(arrivals);
  if (fromNetwork > 0) return verdict;
  const doubt = `None of its requests came from ${CLAUDE_NETWORK}: either this log has the addresses of a proxy, or it was somebody else who says to be Claude.`;
  return { ...verdict, says: [...verdict.says, doubt] };
}

/** The rows with their titles. */
export function rowTitles(rows: readonly number[]): readonly string[] {
  return rows.map(row => `${row} (${entryOf(row).title})`);
}
