/** Whether Claude ever arrived, according to a log: the only way to settle rows 14 and 22. */
import type { Arrival, LineReader } from './arrival.ts';
import { isClaudeAddress } from './claude-network.ts';
import { combinedLine } from './combined-line.ts';
import { slipwayLine } from './slipway-line.ts';

export interface Tally {
  readonly count: number;
  readonly firstMs?: number;
  readonly lastMs?: number;
}

export interface ArrivalsByAddress extends Tally {
  readonly address: string;
  /** Within Claude's network. */
  readonly isClaude: boolean;
}

export interface ArrivalsByAnswer extends Tally {
  readonly request: string;
  readonly answer: string;
  readonly isGood: boolean;
}

export interface Arrivals {
  /** Lines that are requests, whoever sent them. */
  readonly requests: Tally;
  /** Lines of no format that we know. */
  readonly unread: number;
  /** Requests of Claude: from its network, or under its user agent. */
  readonly claude: Tally;
  /** Of these, those from its network: the others may be anybody, or Claude behind a proxy whose address the log has. */
  readonly fromNetwork: number;
  readonly addresses: readonly ArrivalsByAddress[];
  readonly answers: readonly ArrivalsByAnswer[];
  /** The last request of Claude at the endpoint, not to the places of its discovery. */
  readonly last?: Arrival;
  /** The last one that was answered well. */
  readonly lastGood?: Arrival;
}

/** Of each kind, so many are kept; a log may have any number. */
const MAX_KINDS = 200;

const READERS: readonly LineReader[] = [slipwayLine, combinedLine];

function isClaude({ saysClaude, userAgent, address }: Arrival): boolean {
  return saysClaude || (address !== undefined && isClaudeAddress(address)) || /\bClaude-User\b/i.test(userAgent ?? '');
}

/** Where Claude looks for the sign-in; a server without one answers 404 there. */
export function isDiscovery(request: string): boolean {
  return request.includes('/.well-known/');
}

function isLater({ timeMs = 0 }: Arrival, than: Arrival | undefined): boolean {
  return than === undefined || timeMs >= (than.timeMs ?? 0);
}

/** Slipway's log has lines that are no requests as well. */
function isOtherLogLine(line: string): boolean {
  return line.startsWith('{"level":') && line.includes('"msg":');
}

class Tallies {
  readonly #counts = new Map<string, { count: number; firstMs?: number; lastMs?: number }>();

  /** @returns whether it is counted: there may be too many kinds already */
  add(key: string, timeMs: number | undefined): boolean {
    let tally = this.#counts.get(key);
    if (tally === undefined) {
      if (this.#counts.size >= MAX_KINDS) return false;
      this.#counts.set(key, (tally = { count: 0 }));
    }
    tally.count++;
    if (timeMs === undefined) return true;
    tally.firstMs = Math.min(tally.firstMs ?? timeMs, timeMs);
    tally.lastMs = Math.max(tally.lastMs ?? timeMs, timeMs);
    return true;
  }

  of(key: string): Tally {
    return this.#counts.get(key) ?? { count: 0 };
  }

  /** The most frequent first. */
  get all(): readonly (readonly [string, Tally])[] {
    return [...this.#counts].sort(([, one], [, other]) => other.count - one.count);
  }
}

/** @param lines of one log or of several, in any order */
export async function readArrivals(lines: AsyncIterable<string> | Iterable<string>): Promise<Arrivals> {
  const totals = new Tallies();
  const addresses = new Tallies();
  const answers = new Tallies();
  const kinds = new Map<string, Arrival>();
  let unread = 0;
  let fromNetwork = 0;
  let last: Arrival | undefined;
  let lastGood: Arrival | undefined;
  for await (const line of lines) {
    if (line.trim() === '') continue;
    const arrival = READERS.reduce<Arrival | undefined>((found, read) => found ?? read(line), undefined);
    if (arrival === undefined) {
      if (!isOtherLogLine(line)) unread++;
      continue;
    }
    totals.add('all', arrival.timeMs);
    if (!isClaude(arrival)) continue;
    totals.add('claude', arrival.timeMs);
    if (arrival.address !== undefined) {
      addresses.add(arrival.address, arrival.timeMs);
      if (isClaudeAddress(arrival.address)) fromNetwork++;
    }
    const kind = `${arrival.request} ${arrival.answer}`;
    if (answers.add(kind, arrival.timeMs)) kinds.set(kind, arrival);
    if (isDiscovery(arrival.request)) continue;
    if (isLater(arrival, last)) last = arrival;
    if (arrival.isGood && isLater(arrival, lastGood)) lastGood = arrival;
  }
  return {
    requests: totals.of('all'),
    unread,
    claude: totals.of('claude'),
    fromNetwork,
    addresses: addresses.all.map(([address, tally]) => ({ address, isClaude: isClaudeAddress(address), ...tally })),
    answers: answers.all.map(([kind, tally]) => {
      const { request, answer, isGood } = kinds.get(kind)!;
      return { request, answer, isGood, ...tally };
    }),
    ...(last !== undefined && { last }),
    ...(lastGood !== undefined && { lastGood }),
  };
}
