// The yardstick for GET streams: node:http that hands out session ids, keeps the response of a GET by its session, and writes one event
// to all. Ids of sessions and events are as long as Slipway's, and say nothing.
// usage: node --expose-gc raw-get-streams.mjs PORT, with an IPC channel (see bench/memory-probe.ts for its messages)
import { randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import { answerProbes } from '../memory-probe.ts';

const streams = new Map();
const SESSION_ID_BYTES = 138;
const eventId = randomBytes(62).toString('base64url');

const server = createServer((req, res) => {
  if (req.method === 'GET') {
    const session = req.headers['mcp-session-id'];
    res.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-cache', 'x-accel-buffering': 'no' });
    res.write(`id: ${eventId}\nretry: 1000\ndata: \n\n`);
    streams.set(session, res);
    res.on('close', () => streams.delete(session));
    return;
  }
  const chunks = [];
  req.on('data', chunk => chunks.push(chunk));
  req.on('end', () => {
    const { id, params } = JSON.parse(Buffer.concat(chunks).toString());
    const { protocolVersion } = params;
    const result = { protocolVersion, capabilities: { tools: { listChanged: true } }, serverInfo: { name: 'bench', version: '1.0.0' } };
    const body = JSON.stringify({ jsonrpc: '2.0', id, result });
    res.writeHead(200, {
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(body),
      'mcp-session-id': randomBytes(SESSION_ID_BYTES).toString('base64url'),
    });
    res.end(body);
  });
}).listen(Number(process.argv[2]), '127.0.0.1');

answerProbes(() => {
  const message = JSON.stringify({ jsonrpc: '2.0', method: 'notifications/tools/list_changed' });
  for (const stream of streams.values()) stream.write(`id: ${eventId}\nevent: message\ndata: ${message}\n\n`);
});
server.keepAliveTimeout = 60_000;
