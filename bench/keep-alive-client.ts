/** Sends requests over a few kept-alive connections, and checks every answer. */
import { connect } from 'node:net';

const CONNECTIONS = 32;

/** The bytes of a request to /mcp on the loopback interface; a GET when it has no body. */
export function requestBytes(port: number, request: { headers: Record<string, string>; body?: string }): string {
  const headers = Object.entries(request.headers).map(([name, value]) => `${name}: ${value}\r\n`);
  const { body } = request;
  const line = `${body === undefined ? 'GET' : 'POST'} /mcp HTTP/1.1\r\nhost: 127.0.0.1:${port}\r\n`;
  const length = body === undefined ? '' : `content-length: ${Buffer.byteLength(body)}\r\n`;
  return `${line}${headers.join('')}${length}\r\n${body ?? ''}`;
}

/** Whether `text` holds one whole answer; bodies are ASCII, so characters are bytes. */
function isWhole(text: string): boolean {
  const head = text.indexOf('\r\n\r\n');
  if (head < 0) return false;
  const length = /\r\ncontent-length: *(\d+)/i.exec(text.slice(0, head));
  return length === null ? text.endsWith('0\r\n\r\n') : text.length >= head + 4 + Number(length[1]);
}

/**
 * Sends one request `count` times. Rejects on the first answer that is no 200 or does not contain `expected`.
 *
 * @param onAnswer gets each answer, head and body
 */
export async function sendMany(
  port: number,
  request: string,
  count: number,
  expected: string,
  onAnswer?: (answer: string) => void,
): Promise<void> {
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
        if (!answer.startsWith('HTTP/1.1 200') || !answer.includes(expected)) return fail('a wrong answer');
        onAnswer?.(answer);
        next();
      });
      next();
    });
  await Promise.all(Array.from({ length: CONNECTIONS }, worker));
}

/** The session id in an answer to `initialize`; throws when it begins no session. */
export function sessionIdOf(answer: string): string {
  const id = /\r\nmcp-session-id: *([\x21-\x7e]+)\r\n/i.exec(answer)?.[1];
  if (id === undefined) throw new Error(`no session was begun: ${answer.slice(0, 300)}`);
  return id;
}
