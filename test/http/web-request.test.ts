import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type IncomingMessage, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { test } from 'node:test';
import * as sdkNode from '@modelcontextprotocol/node';
import { type NodeIncomingMessageLike, toWebRequest } from '../../src/transport/http/web-request.ts';

function incoming(
  fields: Partial<NodeIncomingMessageLike>,
  chunks: readonly (string | Uint8Array)[] = [],
): NodeIncomingMessageLike {
  return Object.assign(Readable.from(chunks), { method: 'POST', url: '/mcp?x=1', headers: { host: 'h:1' }, ...fields });
}

async function described(web: Request): Promise<unknown> {
  return { url: web.url, method: web.method, headers: [...web.headers], body: await web.text() };
}

test('a request becomes what the official conversion makes of it', async () => {
  const cases: [Partial<NodeIncomingMessageLike>, (string | Uint8Array)[], unknown][] = [
    [{}, ['{"a":', '1}'], undefined],
    [{}, [Buffer.from('"\u00e9\u{1F600}"').subarray(0, 4), Buffer.from('"\u00e9\u{1F600}"').subarray(4)], undefined],
    [{}, [], undefined],
    [{ method: 'get' }, ['ignored'], undefined],
    [{ method: 'DELETE' }, [], undefined],
    [{ method: undefined, url: undefined, headers: {} }, [], undefined],
    [
      { headers: { ':authority': 'h2.example', ':method': 'POST', 'x-a': ['1', '2'], 'x-b': undefined } },
      ['1'],
      undefined,
    ],
    [{ headers: { host: 'h', 'content-encoding': 'gzip', 'content-length': '9' } }, ['unread'], { parsed: 'é' }],
    [{ headers: { host: 'h', 'transfer-encoding': 'chunked' } }, [], null],
  ];
  for (const [fields, chunks, parsed] of cases) {
    assert.deepEqual(
      await described(await toWebRequest(incoming(fields, chunks), parsed)),
      await described(await sdkNode.toWebRequest(incoming(fields, chunks), parsed)),
      JSON.stringify(fields),
    );
  }
});

test('a body over the limit is refused with a status, announced or not', async () => {
  const options = { maxRequestBodySize: 10 };
  const refused = { name: 'RequestBodyTooLargeError', status: 413, message: /10 bytes/ };
  await assert.rejects(toWebRequest(incoming({ headers: { 'content-length': '11' } }), undefined, options), refused);
  await assert.rejects(toWebRequest(incoming({}, ['12345', '678901']), undefined, options), refused);
  await assert.rejects(toWebRequest(incoming({}, ['éééééé']), undefined, options), refused);
  assert.equal(await (await toWebRequest(incoming({}, ['1234567890']), undefined, options)).text(), '1234567890');
});

test('a limit that is no positive number is refused', async () => {
  for (const maxRequestBodySize of [0, -1, Number.NaN, Number.POSITIVE_INFINITY]) {
    await assert.rejects(toWebRequest(incoming({}), undefined, { maxRequestBodySize }), RangeError);
  }
});

test('the signal of the conversion is the signal of the request', async () => {
  const controller = new AbortController();
  const web = await toWebRequest(incoming({}), undefined, { signal: controller.signal });
  controller.abort();
  assert.equal(web.signal.aborted, true);
});

test('a host that makes no URL is a TypeError', async () => {
  await assert.rejects(toWebRequest(incoming({ headers: { host: '[' } })), TypeError);
});

test('a request of node:http itself converts', async () => {
  const server = createServer(async (message: IncomingMessage, response) => {
    response.end(JSON.stringify(await described(await toWebRequest(message))));
  }).listen(0, '127.0.0.1');
  try {
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const outgoing = request({ port, method: 'POST', path: '/a?b', headers: { 'x-trace': 't' } }).end('{"n":1}');
    const [answer] = await once(outgoing, 'response');
    const chunks: Buffer[] = await answer.toArray();
    const seen = JSON.parse(Buffer.concat(chunks).toString());
    assert.equal(seen.method, 'POST');
    assert.equal(new URL(seen.url).pathname, '/a');
    assert.equal(seen.body, '{"n":1}');
    assert.ok(seen.headers.some((header: string[]) => header.join() === 'x-trace,t'));
  } finally {
    server.close();
    server.closeAllConnections();
  }
});
