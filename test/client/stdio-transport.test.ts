import assert from 'node:assert/strict';
import { describe, type TestContext, test } from 'node:test';
import type { ClientOptions } from '../../src/client/client-options.ts';
import {
  StdioClientTransport,
  type StdioClientTransportOptions,
  type StdioCommand,
} from '../../src/client/stdio-client-transport.ts';
import { clientFor } from './scripted-server.ts';

/** The beginning of a program that answers lines: `answer(message)` is what a test adds. */
const PROGRAM = `
  const send = message => process.stdout.write(JSON.stringify({ jsonrpc: '2.0', ...message }) + '\\n');
  const discovered = { supportedVersions: ['2026-07-28'], capabilities: { tools: {} } };
  let rest = '';
  process.stdin.on('data', chunk => {
    const lines = (rest + chunk).split('\\n');
    rest = lines.pop();
    for (const message of lines.map(JSON.parse)) {
      if (message.method === 'server/discover') send({ id: message.id, result: discovered });
      else answer(message);
    }
  });
`;
const program = (answer: string, more = ''): StdioCommand => ({
  command: process.execPath,
  args: ['-e', `${PROGRAM}; const answer = message => { ${answer} }; ${more}`],
});

async function connected(
  t: TestContext,
  command: StdioCommand,
  options: ClientOptions = {},
  limits: StdioClientTransportOptions = {},
) {
  const transport = new StdioClientTransport(command, limits);
  const client = clientFor(t, options);
  await client.connect(transport);
  return { client, transport };
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

describe('a server over stdio', { concurrency: 2 }, () => {
  test('a command that is not there, and one that ends at once', async t => {
    const nowhere = clientFor(t).connect(new StdioClientTransport({ command: 'no-such-program' }));
    await assert.rejects(nowhere, { code: 'SLIP_SERVER_COMMAND', message: /'no-such-program'.*ENOENT/ });
    const broken = { command: process.execPath, args: ['-e', 'throw new TypeError("the key is missing")'] };
    await assert.rejects(clientFor(t).connect(new StdioClientTransport(broken)), {
      code: 'SLIP_SERVER_CLOSED',
      message: /ended with exit code 1, saying: TypeError: the key is missing/,
    });
  });

  test('one that is gone before it reads the first message', async t => {
    // Its end may be noticed before or after the message finds nobody: both are told as the end.
    for (let times = 0; times < 5; times++) {
      const connecting = clientFor(t).connect(new StdioClientTransport({ command: '/bin/true' }));
      await assert.rejects(connecting, { code: 'SLIP_SERVER_CLOSED' });
    }
  });

  test('one that lives on and reads no more', async t => {
    const deaf = { command: '/bin/sh', args: ['-c', 'exec 0<&-; exec sleep 60'] };
    const transport = new StdioClientTransport(deaf, { closeTimeoutMs: 50 });
    await assert.rejects(clientFor(t).connect(transport), { code: 'SLIP_SERVER_CLOSED' });
  });

  test('one that ends in the middle of a call: what is awaited fails, with what it said last', async t => {
    const { client } = await connected(t, program("console.error('Error: out of ink'); process.exit(3);"));
    const message = /exit code 3, saying: Error: out of ink/;
    await assert.rejects(client.callTool({ name: 'x' }), { code: 'SLIP_SERVER_CLOSED', message });
    await assert.rejects(client.callTool({ name: 'x' }), { code: 'SLIP_SERVER_CLOSED', message });
  });

  test('lines that are no messages are told, and skipped', async t => {
    const errors: string[] = [];
    const answer = `
      console.log('starting up'); console.log('{"jsonrpc":"1.0"}'); console.log('');
      console.log('x'.repeat(3000)); send({ id: message.id, result: { content: [] } });
    `;
    const options = { onerror: (error: Error) => void errors.push(error.message) };
    const { client } = await connected(t, program(answer), options, { maxAnswerBytes: 1_000 });
    assert.deepEqual((await client.callTool({ name: 'x' })).content, []);
    assert.equal(errors.length, 3);
    assert.match(errors[2]!, /more than 1000 bytes/);
  });

  test('an answer that is none ends the wait', async t => {
    const { client } = await connected(t, program("send({ id: message.id, result: 'text' });"));
    await assert.rejects(client.callTool({ name: 'x' }), { code: 'SLIP_SERVER_ANSWER' });
  });

  test('what it prints on standard error can be had; its environment and folder can be given', async t => {
    const said: string[] = [];
    const command: StdioCommand = {
      ...program('console.error(process.env.SEEN, process.cwd()); send({ id: message.id, result: { content: [] } });'),
      env: { SEEN: 'yes' },
      cwd: '/',
      stderr: text => void said.push(text),
    };
    const { client } = await connected(t, command);
    await client.callTool({ name: 'x' });
    await client.close();
    assert.equal(said.join(''), 'yes /\n');
  });

  test('closing ends it by the end of its input', async t => {
    const { client, transport } = await connected(t, program(''));
    const pid = transport.pid!;
    assert.equal(isAlive(pid), true);
    await client.close();
    assert.equal(isAlive(pid), false);
  });

  test('closing takes back what is running, so that the server need not finish it', async t => {
    const said: string[] = [];
    const command = program("console.error(message.method, message.params.requestId ?? '');");
    const { client } = await connected(t, { ...command, stderr: text => void said.push(text) });
    const failed = assert.rejects(client.callTool({ name: 'wait' }), { code: 'SLIP_CLIENT_STATE' });
    await client.close();
    await failed;
    assert.match(said.join(''), /^tools\/call \nnotifications\/cancelled 2\n$/);
  });

  test('one that does not end by itself is ended', async t => {
    const stubborn = "process.on('SIGTERM', () => {}); setInterval(() => {}, 1000);";
    const { client, transport } = await connected(t, program('', stubborn), {}, { closeTimeoutMs: 50 });
    const pid = transport.pid!;
    await client.close();
    for (let tries = 0; isAlive(pid) && tries < 100; tries++) await new Promise(soon => setTimeout(soon, 20));
    assert.equal(isAlive(pid), false);
  });

  test('a cancelled call is told by a message in either era', async t => {
    const answer = `
      if (message.method === 'notifications/cancelled') cancelled = message.params.requestId;
      else if (message.params?.name === 'cancelled') send({ id: message.id, result: { content: [], cancelled } });
    `;
    const { client } = await connected(t, program(answer, 'var cancelled;'));
    await assert.rejects(client.callTool({ name: 'wait' }, { timeout: 30 }), { code: 'SLIP_SERVER_TIMEOUT' });
    const { cancelled } = await client.callTool({ name: 'cancelled' });
    assert.equal(typeof cancelled, 'number');
  });
});
