// What docs/guides/behind-a-proxy.md tells people to put into nginx, in a real one.
import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { type TestContext, test } from 'node:test';
import { CommandProcess } from '../cli/command-process.ts';
import { missing, programPath } from '../lifecycle/programs.ts';
import { OpenStream } from '../support/event-stream.ts';
import { modern, type Prepared, send } from '../support/mcp-post.ts';
import { postBytes, RawConnection } from '../support/raw-connection.ts';
import { call, edgeServing } from './edge-server.ts';

const GUIDE = resolve(import.meta.dirname, '../../docs/guides/behind-a-proxy.md');

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await new Promise(listening => probe.once('listening', listening));
  const { port } = probe.address() as AddressInfo;
  await new Promise(closed => probe.close(closed));
  return port;
}

/** nginx with the blocks of the guide. Its port. */
async function guidedNginx(t: TestContext, upstream: number): Promise<number> {
  const blocks = [...(await readFile(GUIDE, 'utf8')).matchAll(/^```nginx\n([\s\S]*?)^```$/gm)].map(([, text]) => text!);
  assert.equal(blocks.length, 2);
  const [http, server] = blocks as [string, string];
  assert.ok(http.includes('127.0.0.1:8087'));
  const folder = await mkdtemp(join(tmpdir(), 'slipway-nginx-'));
  const port = await freePort();
  const paths = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
    name => `${name}_temp_path ${folder}/${name};`,
  );
  const configuration = `daemon off; worker_processes 1; pid ${folder}/pid; error_log ${folder}/error.log;
events { worker_connections 256; }
http { access_log off; ${paths.join(' ')}
${http.replace('8087', String(upstream))}
server { listen 127.0.0.1:${port};
${server}
} }`;
  await writeFile(join(folder, 'nginx.conf'), configuration);
  const command = [programPath('nginx')!, '-p', folder, '-c', `${folder}/nginx.conf`, '-e', `${folder}/error.log`];
  const started = new CommandProcess(command);
  t.after(async () => {
    // It has a worker of its own, which it ends itself.
    started.child.kill('SIGTERM');
    await started.ended();
    await rm(folder, { recursive: true, force: true });
  });
  for (let tries = 0; tries < 100; tries++) {
    const status = await fetch(`http://127.0.0.1:${port}/healthz`).then(
      answer => answer.status,
      () => 0,
    );
    if (status === 200) return port;
    await new Promise(wait => setTimeout(wait, 50));
  }
  throw new Error(`nginx does not answer: ${started.stderr}`);
}

async function posted(port: number, { headers, body }: Prepared) {
  const connection = await RawConnection.open(port);
  connection.write(postBytes({ headers: { ...headers, host: 'mcp.example.com' }, body }));
  const { status, body: text } = await connection.answer();
  connection.close();
  return { status, answer: JSON.parse(text) };
}

test('nginx as the guide has it tells the server its name, and who asks', { skip: missing('nginx') }, async t => {
  const { port } = await edgeServing(t, { publicUrl: 'https://mcp.example.com', trustedProxies: ['loopback'] });
  const front = await guidedNginx(t, port);
  const claims = { 'x-forwarded-host': 'evil.example', 'x-forwarded-proto': 'https', forwarded: 'for=198.51.100.9' };
  const { status, answer } = await posted(front, call('where', claims));
  assert.equal(status, 200);
  // This nginx has no certificate, so its clients speak http to it.
  assert.deepEqual(JSON.parse(answer.result.content[0].text), { url: 'http://mcp.example.com/', address: '127.0.0.1' });
  const large = { headers: call('plain').headers, body: ' '.repeat(5 * 1024 * 1024) };
  assert.equal((await send(`http://127.0.0.1:${front}/mcp`, large)).status, 413);
});

test('nginx as the guide has it lets event streams through', { skip: missing('nginx') }, async t => {
  const { edge, port } = await edgeServing(t);
  const front = await guidedNginx(t, port);
  const listen = modern('subscriptions/listen', { notifications: { toolsListChanged: true } });
  const stream = new OpenStream(await send(`http://127.0.0.1:${front}/mcp`, listen));
  await stream.next();
  edge.mcp.registerTool('new', {}, () => 'new');
  assert.equal((await stream.next()).method, 'notifications/tools/list_changed');
  await stream.cancel();
});
