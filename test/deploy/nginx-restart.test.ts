// Servers behind the generated file of nginx come and go: a restart loses no call, and sessions stay where they began.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { serve, silentLogger } from 'slipway';
import { SLIPWAY } from '../cli/command-process.ts';
import { LoadClient } from '../lifecycle/load-client.ts';
import { missing } from '../lifecycle/programs.ts';
import { LIFECYCLE_SERVER } from '../lifecycle/slipway-process.ts';
import { SocketHolder } from '../lifecycle/socket-holder.ts';
import { answerIn, legacy } from '../support/mcp-post.ts';
import { SECRET } from '../support/state-place.ts';
import { PUBLIC_URL, SERVICE_OPTIONS } from './behind-nginx.ts';
import { DOMAIN, NginxSite } from './nginx-site.ts';
import { placeServer } from './place-server.ts';
import { fetchThrough } from './tls-fetch.ts';
import { TlsPort } from './tls-port.ts';

const CALLS = 2_000;
const RESTARTS = 2;

/** As the unit sets them. */
const SERVICE = {
  SLIPWAY_PUBLIC_URL: `https://${DOMAIN}`,
  SLIPWAY_ALLOWED_HOSTS: DOMAIN,
  SLIPWAY_TRUSTED_PROXIES: 'loopback',
};

/** The times of the file and of the server, shorter by the same factor. */
const LAME_DUCK = { SLIPWAY_LAME_DUCK_MS: 1_500 };
const KEEP_ALIVE = [['keepalive_timeout 4s;', 'keepalive_timeout 1s;']] as const;

describe('behind nginx', { skip: missing('nginx', 'openssl', 'python3'), concurrency: false }, () => {
  test(`a restart under load loses none of ${CALLS} calls`, async t => {
    await using holder = new SocketHolder([...SLIPWAY, 'start', LIFECYCLE_SERVER], { ...SERVICE, ...LAME_DUCK });
    const { port } = await holder.target();
    await holder.start();
    await using site = await NginxSite.running({ backend: `127.0.0.1:${port}`, replace: KEEP_ALIVE });
    await using through = await TlsPort.to(site);
    const target = { host: '127.0.0.1', port: through.port };
    await using load = new LoadClient(target, { busy: 4, slow: 3, idle: 3 });
    await load.reached(CALLS / 4);
    for (let time = 0; time < RESTARTS; time++) {
      assert.equal(await holder.stop(), 0);
      await holder.start();
      await load.reached(load.answered + 200);
    }
    await load.reached(CALLS);
    await load.stop();
    assert.deepEqual(load.lost.slice(0, 5), [], `${load.lost.length} calls lost`);
    const served = [...holder.program.stdout.matchAll(/lifecycle listens on/g)].length;
    assert.equal(served, RESTARTS + 1, 'each process has served');
    t.diagnostic(`${load.answered} calls, none lost, ${RESTARTS} restarts`);
  });

  test('of several servers, one has all requests of a session, and others have the rest', async t => {
    const options = { port: 0, logger: silentLogger, secrets: [SECRET], ...SERVICE_OPTIONS };
    const places = ['one', 'two', 'three'];
    const running = await Promise.all(places.map(place => serve(placeServer(place), options)));
    for (const server of running) t.after(() => server.close({ graceMs: 0, lameDuckMs: 0 }));
    await using site = await NginxSite.running({ backend: running.map(({ port }) => `127.0.0.1:${port}`).join() });
    const through = fetchThrough(site);
    const ask = async (session?: string) => {
      const headers: Record<string, string> = session === undefined ? {} : { 'mcp-session-id': session };
      const { headers: all, body } = legacy('tools/call', { name: 'place', arguments: {} }, { headers });
      const answer = await answerIn(await through(PUBLIC_URL, { method: 'POST', headers: all, body }));
      return answer.result.content[0].text as string;
    };
    const sessions = new Set<string>();
    for (let count = 0; count < 12; count++) {
      const { headers, body } = legacy('initialize', {
        protocolVersion: '2025-11-25',
        capabilities: {},
        clientInfo: { name: 'test', version: '1.0.0' },
      });
      const response = await through(PUBLIC_URL, { method: 'POST', headers, body });
      await response.text();
      const session = response.headers.get('mcp-session-id')!;
      const answered = new Set<string>();
      for (let call = 0; call < 4; call++) answered.add(await ask(session));
      assert.equal(answered.size, 1, `a session was answered by ${[...answered].join()}`);
      sessions.add([...answered][0]!);
    }
    assert.ok(sessions.size > 1, 'sessions are spread');
    const rest = new Set<string>();
    for (let call = 0; call < 24; call++) rest.add(await ask());
    assert.ok(rest.size > 1, 'requests without a session are spread');
  });
});
