/** Rows 9 and 10: something answers at the URL, and it is not an MCP endpoint. */
import type { FixtureAnswer, FixtureRequest } from '../kit/fixture-request.ts';
import { type PlantedFault, planted } from '../kit/planted-fault.ts';

const PAGE = { 'Content-Type': 'text/html; charset=utf-8' };
const SITE = '<!doctype html><html><head><title>Our product</title></head><body><div id="root"></div></body></html>';

/** Answers at the URL; everything else is healthy. */
function atUrl(answer: (request: FixtureRequest) => FixtureAnswer | undefined) {
  return {
    fault: (request: FixtureRequest) => (/^\/mcp\/?$/.test(request.url.pathname) ? answer(request) : undefined),
  };
}

/** A site that answers whatever path with its page, and POST with something else. */
function site(toPost: FixtureAnswer) {
  return { fault: ({ method }: FixtureRequest) => (method === 'POST' ? toPost : { headers: PAGE, body: SITE }) };
}

const NOWHERE: readonly PlantedFault[] = [
  planted(9, 'a path that is not there', { entered: '/mpc' }),
  planted(9, 'no path', { entered: '/' }),
  planted(9, 'the path below the endpoint', { entered: '/mcp/messages' }),
  planted(
    9,
    'entered with a slash, which leads back to the path without',
    {
      fault: ({ url }) =>
        url.pathname === '/mcp/' ? { status: 308, headers: { Location: `${url.origin}/mcp` } } : undefined,
    },
    { base: { entered: '/mcp/' } },
  ),
  planted(
    9,
    'POST is not allowed',
    atUrl(() => ({ status: 405, headers: { Allow: 'GET' }, body: 'Method Not Allowed' })),
  ),
  planted(9, 'another API', { fault: () => ({ body: { status: 'ok', version: '3.1' } }) }),
  planted(9, 'an API that answers errors in JSON', {
    fault: () => ({ status: 404, body: { error: { code: 404, message: 'No route for POST /mcp' } } }),
  }),
  planted(
    9,
    'moved on the same host',
    atUrl(({ url }) => ({ status: 302, headers: { Location: `${url.origin}/api/mcp` } })),
  ),
  planted(9, 'the deprecated transport only', {
    entered: '/events',
    fault: ({ url, method }) => {
      if (url.pathname === '/events' && method === 'GET') {
        return { headers: { 'Content-Type': 'text/event-stream' }, body: 'event: endpoint\ndata: /messages?id=1\n\n' };
      }
      return { status: method === 'POST' ? 405 : 404 };
    },
  }),
];

const PAGES: readonly PlantedFault[] = [
  planted(10, 'a single-page application answers everything', { fault: () => ({ headers: PAGE, body: SITE }) }),
  planted(10, 'a page that takes no POST', site({ status: 405, headers: PAGE, body: '<html>405 Not Allowed</html>' })),
  planted(10, 'a page, and 404 for POST', site({ status: 404, headers: PAGE, body: '<pre>Cannot POST /mcp</pre>' })),
  planted(10, 'an empty 200', { fault: () => ({ headers: { 'Content-Type': 'text/plain' }, body: '' }) }),
  planted(10, 'the page of the host was entered', {
    entered: '/',
    fault: ({ url, method }) => {
      if (url.pathname !== '/') return undefined;
      return method === 'GET' ? { headers: PAGE, body: SITE } : { status: 405, headers: { Allow: 'GET' } };
    },
  }),
];

export const PLACE_FAULTS: readonly PlantedFault[] = [...NOWHERE, ...PAGES];
