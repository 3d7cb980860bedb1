/**
 * Clients that call and listen while their connections are cut and the server is killed, until there have been enough
 * cuts. What they got, and what the store holds, is handed back to be compared.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterBytes, CuttingProxy } from '../clients/cutting-proxy.ts';
import type { Random } from '../fuzz/random.ts';
import { keptBroadcasts, keptStreams } from './kept-messages.ts';
import { type ServerProcess, ServerProcesses } from './server-process.ts';
import { type Message, type Reading, SessionClient } from './session-client.ts';
import type { StateFault } from './state-fault.ts';

export interface StormOptions {
  readonly random: Random;
  /** How many streams have to be cut that their reader can go on with, by the network or because the server is killed. */
  readonly cuts: number;
  /** How many processes have to be killed. */
  readonly kills: number;
  /** How many calls that were cut have to end with their answer, and how many because their server died. Default: 0. */
  readonly ends?: number;
  readonly callers: number;
  readonly listeners: number;
  /** A fault of every server process, in place of those that are honest. */
  readonly fault?: StateFault;
  /** Gives up waiting for enough cuts. */
  readonly maxMs: number;
}

export interface CallReading extends Reading {
  readonly mark: string;
  /** How many messages the call was to tell. */
  readonly events: number;
}

export interface StormReport {
  readonly calls: readonly CallReading[];
  readonly listened: readonly Reading[];
  readonly keptStreams: readonly string[][];
  readonly keptBroadcasts: readonly string[];
  /** Cuts after which somebody went on from the last id. */
  readonly resumableCuts: number;
  readonly cutConnections: number;
  /** Killed at random, after an event was kept, after a broadcast was kept. */
  readonly kills: { random: number; afterAppend: number; afterPublish: number };
}

/** The calls that were cut and resumed, by how they ended. */
export function endsOf(calls: readonly CallReading[]): Record<'lost' | 'answered', readonly CallReading[]> {
  const resumed = calls.filter(call => call.cuts > 0 && !call.unresumable);
  const isLost = (call: CallReading): boolean => call.messages.at(-1)?.includes('SLIP_CALL_LOST') === true;
  return { lost: resumed.filter(isLost), answered: resumed.filter(call => !isLost(call)) };
}

const LAST = { end: true };
const LAST_WITHIN_MS = 20_000;
const REVISIONS = ['2025-11-25', '2025-11-25', '2025-06-18'] as const;
/** Broadcasts are updates of fifty resources; the listeners subscribe to these of them. */
const URIS: ReadonlySet<string> = new Set(Array.from({ length: 30 }, (_, number) => `tick://any/${number}`));

const isLast = (message: Message): boolean => message.params?.data?.end === true;

export async function storm(options: StormOptions): Promise<StormReport> {
  const stateDir = mkdtempSync(join(tmpdir(), 'slipway-chaos-'));
  const processes = new ServerProcesses();
  const proxies: CuttingProxy[] = [];
  try {
    return await rage(options, stateDir, processes, proxies);
  } finally {
    await Promise.all(proxies.map(proxy => proxy.close()));
    await processes.killAll();
    rmSync(stateDir, { recursive: true, force: true });
  }
}

/** One life of the server, and how it ends. */
interface Life {
  readonly server: ServerProcess;
  readonly endsBy: keyof StormReport['kills'];
}

async function rage(
  options: StormOptions,
  stateDir: string,
  processes: ServerProcesses,
  proxies: CuttingProxy[],
): Promise<StormReport> {
  const { random } = options;
  const kills = { random: 0, afterAppend: 0, afterPublish: 0 };
  // Goes on publishing while the other one is dead.
  const companion = processes.take();
  const companionPort = await companion.serve({ port: 0, stateDir, publish: { everyMs: 12, last: LAST } });
  let port = 0;
  const live = async (isLastLife: boolean): Promise<Life> => {
    const server = processes.take();
    const honest = options.fault === undefined && !isLastLife;
    const endsBy = honest ? random.pick(['random', 'afterAppend', 'afterPublish'] as const) : 'random';
    const fault = options.fault ?? honestFault(endsBy, random);
    port = await server.serve({ port, stateDir, ...(fault && { fault }), publish: { everyMs: 15, last: {} } });
    return { server, endsBy };
  };
  let life = await live(false);
  const proxy = await CuttingProxy.open({
    target: () => port,
    rule: () => (random.chance(0.75) ? afterBytes(300 + random.below(7_000)) : undefined),
  });
  proxies.push(proxy);
  const end = performance.now() + options.maxMs;
  const killed = (): number => kills.random + kills.afterAppend + kills.afterPublish;
  const clients: SessionClient[] = [];
  const resumableCuts = (): number => clients.reduce((sum, client) => sum + client.resumableCuts, 0);
  const calls: CallReading[] = [];
  const hasEnds = (): boolean => {
    const { lost, answered } = endsOf(calls);
    return Math.min(lost.length, answered.length) >= (options.ends ?? 0);
  };
  const enough = (): boolean =>
    performance.now() > end || (killed() >= options.kills && resumableCuts() >= options.cuts && hasEnds());

  const begin = async (): Promise<SessionClient> => {
    const revision = random.pick(REVISIONS);
    // The handshake is not what is cut: the companion is not behind the proxy.
    const { sessionId } = await new SessionClient({ port: () => companionPort, revision }).begin();
    const client = new SessionClient({ port: () => proxy.port, revision }).resume(sessionId);
    clients.push(client);
    return client;
  };
  const calling = Array.from({ length: options.callers }, async (_, caller) => {
    const client = await begin();
    client.giveUpAt = end + LAST_WITHIN_MS;
    for (let number = 0; !enough(); number++) {
      const mark = `${caller}-${number}`;
      const events = 20 + random.below(100);
      const args = { mark, events, burst: 1 + random.below(12), pauseMs: 1 + random.below(25) };
      const reading = await client.call('count', args);
      calls.push({ ...reading, mark, events });
      // Nobody may be there to answer.
      if (reading.unresumable) await delay(30);
    }
  });
  const listeners: SessionClient[] = [];
  const listening = Array.from({ length: options.listeners }, async () => {
    const client = await begin();
    listeners.push(client);
    for (const uri of URIS) await client.ask('resources/subscribe', { uri }, companionPort);
    return client.listen(isLast);
  });

  while (!enough()) {
    const soon = delay(200 + random.below(700));
    await (life.endsBy === 'random' ? soon : Promise.race([life.server.ended, delay(2_000)]));
    kills[life.server.hasEnded ? life.endsBy : 'random']++;
    await life.server.kill();
    // Sometimes it is away for a while, and sometimes its successor is there at once.
    if (random.chance(0.3)) await delay(random.below(150));
    life = await live(enough());
  }
  await Promise.all(calling);
  await companion.close();
  // A store that lies may have left out the very message that ends the listening, and more would come for ever.
  for (const client of listeners) client.giveUpAt = performance.now() + LAST_WITHIN_MS;
  const listened = await Promise.all(listening);
  await life.server.kill();
  return {
    calls,
    listened,
    keptStreams: keptStreams(stateDir),
    keptBroadcasts: upToLast(keptBroadcasts(stateDir, URIS)),
    resumableCuts: resumableCuts(),
    cutConnections: proxy.cuts,
    kills,
  };
}

/** The server goes on publishing after the message that is the last to be listened for. */
function upToLast(messages: readonly string[]): string[] {
  return messages.slice(0, messages.findIndex(text => isLast(JSON.parse(text))) + 1);
}

function honestFault(endsBy: Life['endsBy'], random: Random): StateFault | undefined {
  if (endsBy === 'afterAppend') return { kind: 'dies-after-append', nth: 1 + random.below(120) };
  if (endsBy === 'afterPublish') return { kind: 'dies-after-publish', nth: 1 + random.below(30) };
  return undefined;
}
