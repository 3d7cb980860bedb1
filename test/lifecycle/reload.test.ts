// SIGHUP: every worker is replaced by one that has read the server file and the configuration afresh, or none is.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { describe, type TestContext, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { OpenStream } from '../support/event-stream.ts';
import { modern, send } from '../support/mcp-post.ts';
import { call, differentAnswers, until } from './call.ts';
import { LIFECYCLE_SERVER, SlipwayProcess } from './slipway-process.ts';

const SLIPWAY_URL = pathToFileURL(resolve(import.meta.dirname, '../../src/index.ts')).href;
const skip = process.platform === 'win32' ? 'there is no SIGHUP to send' : false;

/** A folder with a server whose tool says which process answers, and what version is written into its file. */
function versioned(t: TestContext) {
  const folder = mkdtempSync(join(tmpdir(), 'slipway-reload-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const file = join(folder, 'server.mjs');
  const write = (version: string, more = '') =>
    writeFileSync(
      file,
      `import { McpServer } from ${JSON.stringify(SLIPWAY_URL)};
const server = new McpServer({ name: 'versioned', version: '1.0.0' });
server.registerTool('which', {}, () => process.pid + ' ' + ${JSON.stringify(version)});
${more}
export default server;
`,
    );
  const configuration = join(folder, 'slipway.config.mjs');
  const configure = (values: object) =>
    writeFileSync(configuration, `export default ${JSON.stringify({ port: 0, lameDuckMs: 200, ...values })};\n`);
  write('one');
  return { file, write, configuration, configure };
}

/** The versions that so many workers serve. */
async function versions(url: string, workers: number): Promise<string[]> {
  const answers = await differentAnswers(url, 'which', workers);
  return [...new Set([...answers].map(answer => answer.split(' ')[1]!))];
}

async function reload(server: SlipwayProcess, outcome: RegExp): Promise<void> {
  const before = server.count('stderr', outcome);
  server.child.kill('SIGHUP');
  await server.untilCount('stderr', outcome, before + 1);
}

describe('a reload', { concurrency: 2, skip }, () => {
  test('serves what the file says now; a broken one leaves the old workers serving, and the log says why', async t => {
    const { file, write } = versioned(t);
    await using server = new SlipwayProcess({ SLIPWAY_WORKERS: 2 }, [file]);
    const url = await server.listening();
    const workers = () => server.workers().sort();
    assert.deepEqual(await versions(url, 2), ['one']);
    const first = workers();

    write('two');
    await reload(server, /"msg":"reloaded"/);
    assert.deepEqual(await versions(url, 2), ['two']);
    const second = workers();
    assert.deepEqual(
      second.filter(pid => first.includes(pid)),
      [],
    );

    write('three', 'nonsense is not defined;');
    await reload(server, /reload given up: the new worker does not become ready, the others stay as they are/);
    assert.match(server.stderr, /server\.mjs.*could not be loaded/);
    assert.deepEqual(await versions(url, 2), ['two']);
    assert.deepEqual(workers(), second);

    write('four', "server.onStart(() => Promise.reject(new Error('no database')), { name: 'database' });");
    await reload(server, /reload given up/);
    assert.match(server.stderr, /The start hook 'database' failed: no database/);
    assert.deepEqual(await versions(url, 2), ['two']);
    assert.deepEqual(workers(), second);

    write('five');
    await reload(server, /"msg":"reloaded"/);
    assert.deepEqual(await versions(url, 2), ['five']);
    server.child.kill('SIGTERM');
    assert.equal((await server.ended()).code, 0);
  });

  test('changes the number of workers, and says what takes a restart', async t => {
    const { file, configuration, configure } = versioned(t);
    configure({ workers: 1 });
    const args = [file, '--config', configuration];
    await using server = new SlipwayProcess({ SLIPWAY_LAME_DUCK_MS: 200 }, args);
    const url = await server.listening();
    assert.equal(server.workers().length, 1);

    configure({ workers: 3, adminPort: 1 });
    await reload(server, /"msg":"reloaded"/);
    assert.equal((await differentAnswers(url, 'which', 3)).size, 3);
    await server.until('stderr', /takes a restart to have effect: adminPort/);

    configure({ workers: 1 });
    await reload(server, /"msg":"reloaded"/);
    assert.equal(server.workers().length, 1);
    assert.deepEqual(await versions(url, 1), ['one']);
  });

  test('ends the streams of the old workers, for their clients to come back', async t => {
    const { file } = versioned(t);
    await using server = new SlipwayProcess({ SLIPWAY_WORKERS: 1 }, [file]);
    const url = await server.listening();
    const params = { notifications: { toolsListChanged: true } };
    const stream = new OpenStream(await send(url, modern('subscriptions/listen', params, { id: 7 })));
    assert.equal((await stream.next()).method, 'notifications/subscriptions/acknowledged');
    await reload(server, /"msg":"reloaded"/);
    const [completion, ...more] = await stream.rest();
    assert.deepEqual(more, []);
    assert.equal(completion.id, 7);
    assert.equal(completion.result.resultType, 'complete');
  });

  test('is nothing that a single process can do: it says so, and goes on', async () => {
    await using server = new SlipwayProcess({}, [LIFECYCLE_SERVER]);
    const url = await server.listening();
    const pid = await call(url, 'pid');
    server.child.kill('SIGHUP');
    await server.until('stderr', /only workers can be reloaded/);
    assert.equal(await call(url, 'pid'), pid);
  });

  test('that is asked for while one runs is done after it', async t => {
    const { file, write } = versioned(t);
    await using server = new SlipwayProcess({ SLIPWAY_WORKERS: 1 }, [file]);
    const url = await server.listening();
    server.child.kill('SIGHUP');
    await until(() => server.workers().length === 2, 'a new worker');
    write('two');
    await reload(server, /"msg":"reloaded"/);
    await until(async () => (await versions(url, 1))[0] === 'two', 'the second reload');
  });
});
