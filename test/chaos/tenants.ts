/** A server that several principals use at the same time, and the sessions that they use it with. */
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { TestContext } from 'node:test';
import { type AuthInfo, createMcpHandler } from 'slipway';
import type { State } from '../../src/state/state.ts';
import { afterBytes, CuttingProxy } from '../clients/cutting-proxy.ts';
import type { Random } from '../fuzz/random.ts';
import { ChaosServer } from './chaos-server.ts';
import { SessionClient } from './session-client.ts';

const SECRET = 'a secret that two servers of one test share';

/** Enough for the head of a stream and its first id. */
const HEAD_BYTES = 1_200;

export interface House {
  readonly chaos: ChaosServer;
  readonly port: number;
  /** The same server behind a proxy that cuts streams. */
  readonly cutPort: number;
}

/** One server on a store, behind a guard that takes the bearer token for the name of the user. */
export async function openHouse(t: TestContext, state: State, random: Random): Promise<House> {
  const chaos = new ChaosServer([SECRET]);
  const handler = createMcpHandler(chaos.mcp, { state, sessions: 'required', retryMs: 5 });
  const front = createServer((request: IncomingMessage & { auth?: AuthInfo }, response) => {
    const sub = /^Bearer (\S+)$/.exec(request.headers.authorization ?? '')?.[1];
    if (sub !== undefined) request.auth = { token: `token of ${sub}`, clientId: 'app', scopes: [], extra: { sub } };
    handler.node(request, response);
  });
  await new Promise<void>(resolve => front.listen(0, '127.0.0.1', resolve));
  const { port } = front.address() as AddressInfo;
  const proxy = await CuttingProxy.open({
    target: () => port,
    rule: () => (random.chance(0.7) ? afterBytes(HEAD_BYTES + random.below(6_000)) : undefined),
  });
  t.after(async () => {
    await proxy.close();
    front.closeAllConnections();
    await handler.close();
    front.close();
  });
  return { chaos, port, cutPort: proxy.port };
}

/** One session of a principal. */
export interface Tenant {
  /** Begins every mark of its messages. */
  readonly name: string;
  readonly user: string | undefined;
  /** Every request at a server of its own choice. */
  readonly client: SessionClient;
  /** The same session, where streams are cut. */
  readonly cutClient: SessionClient;
  /** Ids of events that it was sent, for others to try. */
  readonly eventIds: string[];
  /** What its GET stream has to tell it, beside what all are told. */
  readonly expected: string[];
}

export function headersOf(user: string | undefined): Record<string, string> {
  return user === undefined ? {} : { authorization: `Bearer ${user}` };
}

export async function moveIn(
  houses: readonly House[],
  random: Random,
  user: string | undefined,
  number: number,
): Promise<Tenant> {
  const options = { headers: headersOf(user), capabilities: { elicitation: {} } };
  const client = await new SessionClient({ ...options, port: () => random.pick(houses).port }).begin();
  const cutClient = new SessionClient({ ...options, port: () => random.pick(houses).cutPort }).resume(client.sessionId);
  return { name: `${user ?? 'nobody'}.${number}`, user, client, cutClient, eventIds: [], expected: [] };
}
