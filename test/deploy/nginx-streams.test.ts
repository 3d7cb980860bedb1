// Streams through the generated file of nginx: not held back, not compressed, not cut while they are silent.
import assert from 'node:assert/strict';
import { describe, type TestContext, test } from 'node:test';
import { McpServer, type ServeOptions, silentLogger } from 'slipway';
import { missing } from '../lifecycle/programs.ts';
import { OpenStream } from '../support/event-stream.ts';
import { modern } from '../support/mcp-post.ts';
import { behindNginx, PUBLIC_URL } from './behind-nginx.ts';
import type { SiteOptions } from './nginx-site.ts';

type Replace = NonNullable<SiteOptions['replace']>;

/** Lines that make nginx collect what it passes on, whatever the server asks for. */
const COLLECTING: Replace = [['proxy_buffering off;', 'proxy_buffering on; proxy_ignore_headers X-Accel-Buffering;']];

/** Longer than an event that is passed on ever takes, and short enough to wait for once. */
const UNHEARD_MS = 700;

class StreamServer {
  readonly mcp = new McpServer({ name: 'streams', version: '1.0.0' }, { logger: silentLogger });
  /** Lets the calls of `hold` end. */
  readonly release = Promise.withResolvers<void>();

  constructor() {
    this.mcp.registerTool('hold', {}, async ctx => {
      await ctx.mcpReq.progress(1, 2, 'first');
      await this.release.promise;
      return 'done';
    });
  }
}

interface Begun {
  readonly server: StreamServer;
  readonly stream: OpenStream;
}

/** A call of `hold` through nginx that waits to be released. */
async function begin(t: TestContext, replace: Replace = [], options: ServeOptions = {}): Promise<Begun> {
  const server = new StreamServer();
  const { fetch } = await behindNginx(t, server.mcp, options, { replace });
  t.after(() => server.release.resolve());
  const { headers, body } = modern('tools/call', { name: 'hold', arguments: {} }, { meta: { progressToken: 1 } });
  const response = await fetch(PUBLIC_URL, {
    method: 'POST',
    headers: { ...headers, 'accept-encoding': 'gzip' },
    body,
  });
  return { server, stream: new OpenStream(response) };
}

describe('streams through nginx', { skip: missing('nginx', 'openssl') }, () => {
  test('the first event arrives while the call goes on, and is not compressed', async t => {
    const { server, stream } = await begin(t);
    assert.equal((await stream.next()).params.message, 'first');
    assert.equal(stream.response.headers.get('content-encoding'), null);
    assert.equal(stream.response.headers.get('x-accel-buffering'), null, 'for nginx, which takes it out');
    server.release.resolve();
    assert.equal((await stream.next()).result.content[0].text, 'done');
  });

  test('control: an nginx that collects holds it back until the end', async t => {
    const opened = begin(t, COLLECTING);
    const waited = new Promise<'nothing'>(resolve => setTimeout(() => resolve('nothing'), UNHEARD_MS));
    const first = opened.then(({ stream }) => stream.next());
    assert.equal(await Promise.race([first.then(() => 'an event' as const), waited]), 'nothing');
  });

  test('control: this nginx would compress a stream', async t => {
    const { stream } = await begin(t, [['gzip off;', '']]);
    assert.equal(stream.response.headers.get('content-encoding'), 'gzip');
  });

  test('a silent stream is kept open by comments; without them it is cut', async t => {
    const shorter: Replace = [['proxy_read_timeout 3600s;', 'proxy_read_timeout 1s;']];
    const [kept, cut] = await Promise.all([
      begin(t, shorter, { keepAliveMs: 200 }),
      begin(t, shorter, { keepAliveMs: 0 }),
    ]);
    for (const { stream } of [kept, cut]) assert.equal((await stream.next()).params.message, 'first');
    // The control: nothing comes, and nginx ends the stream before the call ends.
    assert.equal(await cut.stream.next().catch(() => undefined), undefined);
    // Longer than nginx waits for a silent server.
    for (let heard = 0; heard < 8; heard++) assert.match((await kept.stream.comment())!, /^:/);
    kept.server.release.resolve();
    assert.equal((await kept.stream.next()).result.content[0].text, 'done');
  });
});
