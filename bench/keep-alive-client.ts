/** Sends one request a given number of times over a few kept-alive connections, and checks every answer. */
import { connect } from 'node:net';

const CONNECTIONS = 32;

/** The bytes of a POST to /mcp on the loopback interface. */
export function postBytes(port: number, request: { headers: Record<string, string>; body: string }): string {
  const headers = Object.entries(request.headers).map(([name, value]) => `${name}: ${value}\r\n`);
  const length = Buffer.byteLength(request.body);
  return `POST /mcp HTTP/1.1\r\nhost: 127.0.0.1:${port}\r\n${headers.join('')}content-length: ${length}\r\n\r\n${request.body}`;
}

/** Whether `text` holds one whole answer; bodies are ASCII, so characters are bytes. */
function isWhole(text: string): boolean {
  const head = text.indexOf('\r\n\r\n');
  if (head < 0) return false;
  const length = /\r\ncontent-length: *(\d+)/i.exec(text.slice(0, head));
  return length === null ? text.endsWith('0\r\n\r\n') : text.length >= head + 4 + Number(length[1]);
}

/** Resolves when `count` answers came, each a 200 that contains `expected`; rejects on the first that is not. */
export async function sendMany(port: number, request: string, count: number, expected: string): Promise<void> {
  let started = 0;
  const worker = () =>
    new Promise<void>((resolve, reject) => {
      const socket = connect(port, '127.0.0.1').setEncoding('latin1');
      let answer = '';
      const next = () => {
        answer = '';
        if (started === count) return void socket.end(resolve);
        started += 1;
        socket.write(request);
      };
      const fail = (reason: string) => {
        socket.destroy();
        reject(new Error(`${reason} after ${started} requests: ${answer.slice(0, 300)}`));
      };
      socket.on('error', error => fail(error.message));
      socket.on('close', () => fail('the server closed a connection'));
      socket.on('data', text => {
        answer += text;
        if (!isWhole(answer)) return;
        if (answer.startsWith('HTTP/1.1 200') && answer.includes(expected)) next();
        else fail('a wrong answer');
      });
      next();
    });
  await Promise.all(Array.from({ length: CONNECTIONS }, worker));
}
