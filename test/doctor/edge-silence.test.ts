// What looks like a fault of the edge and is none; each of them is found where it is one (faults/).
import { describe, test } from 'node:test';
import type { DoctorOptions } from '../../src/doctor/doctor.ts';
import { missing } from '../lifecycle/programs.ts';
import type { Fault, FixtureAnswer, FixtureRequest } from './kit/fixture-request.ts';
import { type HealthyOptions, healthyServer } from './kit/healthy-server.ts';
import { behindNginx, STREAMS } from './kit/nginx-front.ts';
import { assertClean, diagnose } from './kit/planted-fault.ts';
import { streaming } from './kit/streaming-server.ts';

interface Harmless {
  readonly name: string;
  readonly server: HealthyOptions;
  readonly doctor?: Partial<DoctorOptions>;
}

/** Changes every answer a little. */
function changed(change: (answer: FixtureAnswer, request: FixtureRequest) => FixtureAnswer, base?: Fault): Fault {
  return async (request, healthy) => change((await base?.(request, healthy)) ?? (await healthy()), request);
}

function withoutCors({ headers = {}, ...answer }: FixtureAnswer): FixtureAnswer {
  const rest = Object.entries(headers).filter(([name]) => !/^access-control-/i.test(name));
  return { ...answer, headers: Object.fromEntries(rest) };
}

/** CORS for one page, and 403 for all others. */
function pagesOf(allowed: string): Fault {
  return changed((answer, { headers, method }) => {
    const { origin } = headers;
    if (origin === undefined) return withoutCors(answer);
    if (origin !== allowed) return method === 'OPTIONS' ? { status: 204 } : { status: 403, body: 'Origin not allowed' };
    return { ...answer, headers: { ...answer.headers, 'Access-Control-Allow-Origin': origin } };
  });
}

async function late(ms: number): Promise<void> {
  await new Promise(resolve => setTimeout(resolve, ms));
}

/** Says the same to a wrong token and to none. */
function sameWords(words: string): Fault {
  return changed((answer, { url }) => {
    if (answer.status !== 401) return answer;
    const pointer = `${url.origin}/.well-known/oauth-protected-resource/mcp`;
    const headers = { ...answer.headers, 'WWW-Authenticate': `Bearer resource_metadata="${pointer}", scope="mcp"` };
    return { ...answer, headers, body: { error: 'invalid_token', error_description: words } };
  });
}

let inLastSecond = 0;

const HARMLESS: readonly Harmless[] = [
  { name: 'no CORS at all', server: { fault: changed(withoutCors) } },
  {
    name: 'no CORS at all, and 405 for OPTIONS',
    server: { fault: changed((answer, { method }) => (method === 'OPTIONS' ? { status: 405 } : withoutCors(answer))) },
  },
  { name: "CORS for Claude's page only", server: { fault: pagesOf('https://claude.ai') } },
  { name: 'CORS for a page that nobody knows', server: { fault: pagesOf('https://app.example.com') } },
  { name: 'a path that was entered with a slash', server: { entered: '/mcp/' } },
  { name: 'the root as endpoint', server: { path: '/' } },
  {
    name: 'a page for browsers at the endpoint',
    server: {
      fault: ({ method, headers, url }) =>
        url.pathname === '/mcp' && method === 'GET' && /text\/html/.test(headers.accept ?? '')
          ? { headers: { 'Content-Type': 'text/html' }, body: '<!doctype html><title>This is an MCP server</title>' }
          : undefined,
    },
  },
  {
    name: 'a script of Cloudflare in pages that are let through',
    server: {
      fault: ({ url }) =>
        url.pathname === '/'
          ? {
              headers: { 'Content-Type': 'text/html' },
              body: '<!doctype html><script src="/cdn-cgi/challenge-platform/scripts/jsd/main.js"></script>',
            }
          : undefined,
    },
  },
  {
    name: 'a rule against others than Claude',
    server: {
      fault: ({ headers }) => (/slipway|curl/.test(headers['user-agent'] ?? '') ? { status: 403 } : undefined),
    },
  },
  {
    name: 'Basic beside Bearer',
    server: {
      oauth: true,
      fault: changed(answer => {
        const bearer = answer.headers?.['WWW-Authenticate'];
        if (answer.status !== 401 || bearer === undefined) return answer;
        return { ...answer, headers: { ...answer.headers, 'WWW-Authenticate': ['Basic realm="api"', String(bearer)] } };
      }),
    },
  },
  {
    name: 'words for a missing and a wrong token at once',
    server: { oauth: true, fault: sameWords('Missing or invalid access token') },
  },
  { name: 'words for neither', server: { oauth: true, fault: sameWords('Authentication required') } },
  {
    name: 'a server that is slow with everything',
    server: {
      fault: async (request, healthy) => {
        await late(40);
        return streaming({ listens: true })(request, healthy)!;
      },
    },
    doctor: { limits: { firstEventMs: 20 } },
  },
  { name: 'a GET stream without a word', server: { fault: streaming({ stream: [] }) } },
  {
    name: 'a stream that is kept alive',
    server: { fault: streaming({ beatMs: 40, listens: true }) },
    doctor: { write: true, limits: { holdMs: 150 } },
  },
  {
    name: 'a stream that the server ends in good order',
    server: {
      fault: (request, healthy) =>
        request.method === 'GET' && request.url.pathname === '/mcp'
          ? { headers: { 'Content-Type': 'text/event-stream' }, body: ': open\n\n: and that is all\n\n' }
          : streaming()(request, healthy),
    },
    doctor: { write: true },
  },
  {
    name: 'limits that nobody reaches by using it',
    server: {
      oauth: true,
      fault: async ({ method, body, url }, healthy): Promise<FixtureAnswer> => {
        inLastSecond++;
        setTimeout(() => inLastSecond--, 1_000).unref();
        if (method === 'POST' && inLastSecond > 500) return { status: 429 };
        if (body.length > 4_194_304) return { status: 413 };
        const answer = await healthy();
        if (url.pathname !== '/register') return answer;
        return { ...answer, headers: { ...answer.headers, 'RateLimit-Policy': '"hour";q=1000;w=3600' } };
      },
    },
    doctor: { write: true },
  },
];

describe('doctor, edge: no false alarm', () => {
  for (const { name, server, doctor } of HARMLESS) {
    test(name, async () => {
      const running = await healthyServer(server);
      try {
        assertClean(await diagnose(running, doctor));
      } finally {
        await running.close();
      }
    });
  }

  test('nginx that passes on as it should', { skip: missing('nginx') }, async () => {
    const behind = await healthyServer({ fault: streaming({ answersAreStreams: true, listens: true }) });
    const running = await behindNginx(behind, { http: 'gzip on; gzip_proxied any;', location: STREAMS });
    try {
      assertClean(await diagnose(running, { write: true, limits: { holdMs: 100 } }));
    } finally {
      await running.close();
    }
  });

  test('nginx as it is by itself, before a server without streams', { skip: missing('nginx') }, async () => {
    const running = await behindNginx(await healthyServer(), { location: '' });
    try {
      assertClean(await diagnose(running, { write: true }));
    } finally {
      await running.close();
    }
  });
});
