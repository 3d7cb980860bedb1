// The yardstick for a list: node:http that parses one JSON-RPC message, as raw.mjs does, and answers with the bytes of a file.
// usage: node raw-bytes.mjs PORT FILE
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';

const [port, file] = process.argv.slice(2);
const bytes = readFileSync(file);
createServer((req, res) => {
  const chunks = [];
  req.on('data', chunk => chunks.push(chunk));
  req.on('end', () => {
    const message = JSON.parse(Buffer.concat(chunks).toString());
    if (message.id !== 1) throw new Error('the file answers id 1 only');
    res.writeHead(200, { 'content-type': 'application/json', 'content-length': bytes.length });
    res.end(bytes);
  });
}).listen(Number(port), '127.0.0.1');
