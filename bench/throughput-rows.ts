/** The rows that compare requests per second of clients without a session. */
import { type Call, legacyCall, listCall, modernCall } from './call.ts';
import { compare, compareBytes, higher, ratioRow as row } from './comparison.ts';
import type { Row, Target } from './row.ts';
import { bare, peer, slipway } from './server-specs.ts';

const raw = (mode: 'json' | 'sse' = 'json') => bare('raw', mode);

const versus = (name: string, work: string, yardstick: string, target: Target, call: Call): Row =>
  row(name, work, yardstick, target, plan => compare(slipway(), peer(name), call, plan));

export const throughputRows: readonly Row[] = [
  row('self-check', 'raw against itself (says how noisy this run is)', 'raw', undefined, plan =>
    compare(raw(), raw(), modernCall, plan),
  ),
  row('call', 'tools/call, 2026-07-28, JSON, metrics and limits on', 'raw', higher(0.8, 0.88), plan =>
    compare(slipway({ production: 'metrics-and-limits' }), raw(), modernCall, plan),
  ),
  row('call-access-log', 'the same with the access log on', 'raw', higher(0.7, 0.78), plan =>
    compare(slipway({ production: 'access-log' }), raw(), modernCall, plan),
  ),
  row(
    'call-1000-tools',
    'tools/call, 2026-07-28, with 1,000 tools registered',
    'itself with 2 tools',
    higher(0.97, 1),
    plan => compare(slipway({ tools: 1000 }), slipway({ tools: 2 }), modernCall, plan),
  ),
  row('call-2025', 'tools/call, 2025-11-25, JSON, without a session', 'raw', undefined, plan =>
    compare(slipway(), raw(), legacyCall, plan),
  ),
  row('call-sse', 'tools/call, 2026-07-28, answered as SSE', 'raw, sse', higher(0.8, 0.88), plan =>
    compare(slipway({ responseMode: 'sse' }), raw('sse'), modernCall, plan),
  ),
  row('list-100', 'tools/list of 100 tools', 'raw write of the same bytes', higher(0.85, 0.92), plan =>
    compareBytes(slipway({ tools: 100, responseMode: 'json' }), 'raw-bytes', listCall, plan),
  ),
  versus('official-sdk-v2', 'tools/call, 2026-07-28', 'official SDK v2', higher(18, 25), modernCall),
  versus('tmcp', 'tools/call, 2026-07-28', 'tmcp', higher(5.5, 7), modernCall),
  versus('mcp-handler', 'tools/call, 2026-07-28', 'mcp-handler', higher(5.5, 7), modernCall),
  versus('fastmcp', 'tools/call, 2025-11-25, stateless', 'fastmcp (speaks 2025 only)', higher(5.5, 7), legacyCall),
];
