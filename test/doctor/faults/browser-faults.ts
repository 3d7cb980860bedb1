/** Rows 86 to 89: what keeps clients in a browser out. */
import type { Fault, FixtureAnswer } from '../kit/fixture-request.ts';
import { type PlantedFault, planted } from '../kit/planted-fault.ts';
import { streaming } from '../kit/streaming-server.ts';

type Headers = NonNullable<FixtureAnswer['headers']>;

/** Changes the headers of some answers. */
function changed(method: string, change: (headers: Headers) => Headers, healthyFault?: Fault): { fault: Fault } {
  return {
    fault: async (request, plain) => {
      const answer = (await healthyFault?.(request, plain)) ?? (await plain());
      return request.method === method ? { ...answer, headers: change(answer.headers ?? {}) } : answer;
    },
  };
}

function preflight(answer: FixtureAnswer): { fault: Fault } {
  return { fault: ({ method }) => (method === 'OPTIONS' ? answer : undefined) };
}

function withAllowedHeaders(list: string): { fault: Fault } {
  return changed('OPTIONS', headers => ({ ...headers, 'Access-Control-Allow-Headers': list }));
}

const SESSIONS = { base: { fault: streaming() } };
const CORS = { 'Access-Control-Allow-Origin': '*', 'Access-Control-Allow-Methods': '*' };

export const BROWSER_FAULTS: readonly PlantedFault[] = [
  planted(86, '401', preflight({ status: 401, headers: { 'WWW-Authenticate': 'Bearer' } }), { base: { oauth: true } }),
  planted(86, '401 with all that it takes otherwise', preflight({ status: 401, headers: CORS })),
  planted(86, '405', preflight({ status: 405, headers: { Allow: 'POST' } })),
  planted(86, 'a preflight without Access-Control-Allow-Origin', preflight({ status: 204 })),
  planted(87, 'only what an API needs', withAllowedHeaders('Content-Type, Authorization')),
  planted(87, 'Authorization is left out', withAllowedHeaders('*'), { base: { oauth: true } }),
  planted(87, 'no list at all', preflight({ status: 200, headers: CORS })),
  planted(
    87,
    'the headers of 2026-07-28 are left out',
    withAllowedHeaders('Content-Type, MCP-Protocol-Version, Mcp-Session-Id'),
  ),
  planted(
    88,
    'the header is not exposed',
    changed('POST', ({ 'Access-Control-Expose-Headers': _, ...headers }) => headers, streaming()),
    SESSIONS,
  ),
  planted(
    88,
    'another header is',
    changed('POST', headers => ({ ...headers, 'Access-Control-Expose-Headers': 'WWW-Authenticate' }), streaming()),
    SESSIONS,
  ),
  planted(
    89,
    'two headers',
    changed('POST', headers => ({ ...headers, 'Access-Control-Allow-Origin': ['*', '*'] })),
  ),
  planted(
    89,
    'two values in one',
    changed('POST', headers => ({ ...headers, 'Access-Control-Allow-Origin': '*, http://localhost:6274' })),
  ),
  planted(
    89,
    'two in the preflight',
    changed('OPTIONS', headers => ({ ...headers, 'Access-Control-Allow-Origin': ['*', '*'] })),
  ),
];
