/** The token endpoint, asked for what it can only refuse. */
import type { Examination } from '../examination.ts';
import type { Exchange } from '../exchange/exchange.ts';
import { describedServer, webUrl } from './authorization-server.ts';
import { CLAUDE_DISCOVERY } from './claude.ts';
import type { RegisteredClient } from './registration.ts';
import { jsonObject } from './rpc-answer.ts';

export interface TokenAnswer {
  readonly exchange: Exchange;
  /** The OAuth code (RFC 6749, 5.2), if there is one. */
  readonly error?: string;
}

function basic(client: RegisteredClient): string {
  const pair = `${encodeURIComponent(client.id)}:${encodeURIComponent(client.secret ?? '')}`;
  return `Basic ${Buffer.from(pair).toString('base64')}`;
}

/**
 * @param format Claude sends forms
 * @returns undefined where there is no token endpoint
 */
export async function askForToken(
  examination: Examination,
  client: RegisteredClient,
  grant: Readonly<Record<string, string>>,
  format: 'form' | 'json' = 'form',
): Promise<TokenAnswer | undefined> {
  const url = webUrl((await describedServer(examination))?.document['token_endpoint']);
  if (url === undefined) return undefined;
  const isBasic = client.method === 'client_secret_basic' && client.secret !== undefined;
  const parameters = {
    ...grant,
    ...(!isBasic && { client_id: client.id }),
    ...(client.method === 'client_secret_post' && { client_secret: client.secret ?? '' }),
  };
  const exchange = await examination.exchange({
    url,
    method: 'POST',
    headers: [
      ['Accept', 'application/json'],
      ['Accept-Encoding', 'gzip, deflate'],
      ['User-Agent', CLAUDE_DISCOVERY.userAgent],
      ['Content-Type', format === 'form' ? 'application/x-www-form-urlencoded' : 'application/json'],
      ...(isBasic ? [['Authorization', basic(client)] as const] : []),
    ],
    body: format === 'form' ? new URLSearchParams(parameters).toString() : JSON.stringify(parameters),
  });
  const error = jsonObject(exchange.response?.text ?? '')?.['error'];
  return { exchange, ...(typeof error === 'string' && { error }) };
}
