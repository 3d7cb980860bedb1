// The yardstick for held streams: node:http that acknowledges a subscription, keeps its response, and writes one event to all.
// usage: node --expose-gc raw-listen.mjs PORT, with an IPC channel (see bench/memory-probe.ts for its messages)
import { createServer } from 'node:http';
import { answerProbes } from '../memory-probe.ts';

const streams = new Set();
const event = method =>
  `event: message\ndata: ${JSON.stringify({ jsonrpc: '2.0', method, params: { _meta: { 'io.modelcontextprotocol/subscriptionId': 1 }, ...(method.endsWith('acknowledged') && { notifications: { toolsListChanged: true } }) } })}\n\n`;

const server = createServer((req, res) => {
  const chunks = [];
  req.on('data', chunk => chunks.push(chunk));
  req.on('end', () => {
    JSON.parse(Buffer.concat(chunks).toString());
    res.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-cache', 'x-accel-buffering': 'no' });
    res.write(event('notifications/subscriptions/acknowledged'));
    streams.add(res);
    res.on('close', () => streams.delete(res));
  });
}).listen(Number(process.argv[2]), '127.0.0.1');

answerProbes(() => {
  for (const stream of streams) stream.write(event('notifications/tools/list_changed'));
});
server.keepAliveTimeout = 60_000;
