/** What a client in a browser gets to see: the preflight, and the answer behind it (Fetch standard, HTTP-CORS protocol). */
import type { Examination } from '../examination.ts';
import type { Exchange } from '../exchange/exchange.ts';
import type { HeaderList } from '../exchange/header-list.ts';
import { observation } from '../observation.ts';
import { access } from './access.ts';
import { RUNTIME_INITIALIZE } from './claude.ts';
import { discover } from './discover.ts';
import { mcpPost } from './mcp-post.ts';

export interface BrowserView {
  readonly origin: string;
  /** `initialize` with that origin. */
  readonly answer: Exchange;
  readonly preflight: Exchange;
  /** Headers that a client has to be allowed to send here, in lower case. */
  readonly needed: readonly string[];
}

/** The Inspector's page, and Claude's: some allow the one, some the other. */
const ORIGINS = ['http://localhost:6274', 'https://claude.ai'] as const;

/** The tokens of a header that is a list, in lower case. */
export function listed(headers: HeaderList, name: string): ReadonlySet<string> {
  const tokens = headers.all(name).join(',').split(',');
  return new Set(tokens.map(token => token.trim().toLowerCase()).filter(token => token !== ''));
}

/** Every value that says whom an answer may be shown to. */
export function allowedOrigins({ response }: Exchange): readonly string[] {
  const values = response?.headers.all('access-control-allow-origin') ?? [];
  return values.flatMap(value => value.split(',')).map(value => value.trim());
}

export function isShownTo(exchange: Exchange, origin: string): boolean {
  return allowedOrigins(exchange).some(allowed => allowed === '*' || allowed === origin);
}

async function neededHeaders(examination: Examination, answer: Exchange): Promise<readonly string[]> {
  const modern = (await discover(examination)).answer.result !== undefined;
  return [
    ...(answer.response?.status === 401 || examination.hasCredentials ? ['authorization'] : []),
    'content-type',
    ...(modern ? ['mcp-method', 'mcp-name'] : []),
    'mcp-protocol-version',
    ...(answer.response?.headers.has('mcp-session-id') ? ['mcp-session-id'] : []),
  ];
}

async function viewFrom(examination: Examination, origin: string): Promise<BrowserView> {
  const { voice } = await access(examination);
  const headers = [['Origin', origin]] as const;
  const answer = await mcpPost(examination, { message: RUNTIME_INITIALIZE, voice, headers });
  const needed = await neededHeaders(examination, answer);
  const preflight = await examination.exchange({
    url: examination.url,
    method: 'OPTIONS',
    headers: [
      ['Accept', '*/*'],
      ['User-Agent', voice.userAgent],
      ['Origin', origin],
      ['Access-Control-Request-Method', 'POST'],
      ['Access-Control-Request-Headers', needed.join(',')],
    ],
  });
  return { origin, answer, preflight, needed };
}

/** From the first page that the server lets in, else from the Inspector's. Undefined where it speaks no MCP at all. */
export const browserView = observation(async (examination): Promise<BrowserView | undefined> => {
  if ((await access(examination)).state === 'closed') return undefined;
  const views: BrowserView[] = [];
  for (const origin of ORIGINS) {
    const view = await viewFrom(examination, origin);
    if (isShownTo(view.answer, origin)) return view;
    views.push(view);
  }
  return views[0];
});
