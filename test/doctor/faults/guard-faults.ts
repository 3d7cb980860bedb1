/** Rows 19 and 20: guards against DNS rebinding. */
import type { Fault, FixtureAnswer } from '../kit/fixture-request.ts';
import { type PlantedFault, planted } from '../kit/planted-fault.ts';

const TEXT = { 'Content-Type': 'text/plain; charset=utf-8' };
const PAGE = { 'Content-Type': 'text/html; charset=utf-8' };

function whereHost(answer: FixtureAnswer): { fault: Fault } {
  return { fault: ({ headers }) => (/^(localhost|127\.0\.0\.1)(:|$)/.test(headers.host ?? '') ? undefined : answer) };
}

const HOST = { base: { public: {} } };
const RPC_REFUSAL = { jsonrpc: '2.0', id: null, error: { code: -32000, message: 'Invalid Host: mcp.example.com' } };

const HOSTS: readonly PlantedFault[] = [
  planted(
    19,
    '421, as the Python SDK answers',
    whereHost({ status: 421, headers: TEXT, body: 'Invalid Host header' }),
    HOST,
  ),
  planted(19, '403 in JSON-RPC, as the TypeScript SDK answers', whereHost({ status: 403, body: RPC_REFUSAL }), HOST),
  planted(
    19,
    '400, as Starlette answers',
    whereHost({ status: 400, headers: TEXT, body: 'Invalid host header' }),
    HOST,
  ),
  planted(
    19,
    '403 with a page, as Vite answers',
    whereHost({ status: 403, headers: TEXT, body: 'Blocked request. This host ("mcp.example.com") is not allowed.' }),
    HOST,
  ),
  planted(19, '403 without a word', whereHost({ status: 403, headers: TEXT, body: 'Forbidden' }), HOST),
  planted(
    19,
    '400 without a word',
    whereHost({ status: 400, headers: PAGE, body: '<h1>Bad Request (400)</h1>' }),
    HOST,
  ),
  planted(19, '421 before sign-in', whereHost({ status: 421, headers: TEXT, body: 'Invalid Host header' }), {
    base: { public: {}, oauth: true },
  }),
];

function withoutOrigin(answer: FixtureAnswer, known = /./): { fault: Fault } {
  return { fault: ({ headers }) => (known.test(headers.origin ?? '') ? undefined : answer) };
}

const ORIGINS: readonly PlantedFault[] = [
  planted(20, '403 without Origin', withoutOrigin({ status: 403, headers: TEXT, body: 'Forbidden' })),
  planted(
    20,
    '403 in JSON-RPC without Origin',
    withoutOrigin({ status: 403, body: { ...RPC_REFUSAL, error: { code: -32000, message: 'Missing Origin' } } }),
  ),
  planted(
    20,
    "400 for all but Claude's origin",
    withoutOrigin({ status: 400, body: { error: 'origin_required' } }, /^https:\/\/claude\.ai$/),
  ),
];

export const GUARD_FAULTS: readonly PlantedFault[] = [...HOSTS, ...ORIGINS];
