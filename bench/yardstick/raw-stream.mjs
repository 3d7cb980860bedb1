// The yardstick for streams: node:http that parses one JSON-RPC message, as raw.mjs does, and writes the events of a file, one write each.
// usage: node raw-stream.mjs PORT FILE
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';

const [port, file] = process.argv.slice(2);
const events = readFileSync(file, 'utf8').match(/.+?\n\n/gs);
createServer((req, res) => {
  const chunks = [];
  req.on('data', chunk => chunks.push(chunk));
  req.on('end', () => {
    const message = JSON.parse(Buffer.concat(chunks).toString());
    if (message.id !== 1) throw new Error('the file answers id 1 only');
    res.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-cache', 'x-accel-buffering': 'no' });
    for (const event of events) res.write(event);
    res.end();
  });
}).listen(Number(port), '127.0.0.1');
