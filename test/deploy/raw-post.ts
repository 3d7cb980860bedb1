/** A POST with a Host header of one's own, which fetch does not allow. */
import { request } from 'node:http';
import type { Prepared } from '../support/mcp-post.ts';

export function rawPost(
  port: number,
  { headers, body }: Prepared,
  extra: Readonly<Record<string, string>>,
): Promise<{ status: number; body: string }> {
  return new Promise((resolve, reject) => {
    const options = { host: '127.0.0.1', port, method: 'POST', path: '/mcp', agent: false };
    const sent = request({ ...options, headers: { ...headers, ...extra } }, received => {
      let text = '';
      received.setEncoding('utf8').on('data', (part: string) => (text += part));
      received.on('end', () => resolve({ status: received.statusCode!, body: text }));
    });
    sent.on('error', reject);
    sent.end(body);
  });
}
