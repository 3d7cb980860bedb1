import type { Era, Exchange, ExchangeClass } from './exchange.ts';

/** How many exchanges of a kind the corpus must hold. */
export interface Quota {
  readonly what: string;
  readonly least: number;
  readonly counts: (exchange: Exchange) => boolean;
}

const MODERN_METHODS = [
  'server/discover',
  'tools/list',
  'tools/call',
  'resources/list',
  'resources/templates/list',
  'resources/read',
  'prompts/list',
  'prompts/get',
  'completion/complete',
  'subscriptions/listen',
  'acme/reverse',
];

const LEGACY_METHODS = [
  'initialize',
  'ping',
  'tools/list',
  'tools/call',
  'resources/list',
  'resources/read',
  'prompts/list',
  'prompts/get',
  'completion/complete',
  'logging/setLevel',
];

const CLASSES: Readonly<Record<ExchangeClass, number>> = {
  good: 120,
  'bad-params': 80,
  'bad-method': 25,
  'bad-envelope': 18,
  'bad-version': 10,
  'bad-header': 30,
  'bad-json': 8,
  'bad-message': 30,
  'bad-http': 15,
  'handler-error': 15,
  odd: 50,
};

const ERAS: Readonly<Record<Era, number>> = {
  '2026-07-28': 200,
  '2025-11-25': 80,
  '2025-06-18': 6,
  '2025-03-26': 15,
  none: 20,
};

const FAMILIES: Readonly<Record<string, number>> = {
  http: 30,
  json: 30,
  batch: 14,
  response: 3,
  'notifications/initialized': 4,
  'notifications/cancelled': 5,
};

const isGood = (exchange: Exchange) => exchange.class === 'good' || exchange.class === 'odd';
const isLegacy = (exchange: Exchange) => exchange.era.startsWith('2025-');

/** What the corpus must cover: every method of both eras well and badly asked, every class, every era. */
export const quotas: readonly Quota[] = [
  { what: 'exchanges', least: 450, counts: () => true },
  ...MODERN_METHODS.flatMap(method => [
    {
      what: `good ${method} of 2026-07-28`,
      least: 2,
      counts: (e: Exchange) => e.era === '2026-07-28' && e.family === method && isGood(e),
    },
    {
      what: `bad ${method} of 2026-07-28`,
      least: 3,
      counts: (e: Exchange) => e.era === '2026-07-28' && e.family === method && !isGood(e),
    },
  ]),
  ...LEGACY_METHODS.flatMap(method => [
    {
      what: `good ${method} of 2025`,
      least: 2,
      counts: (e: Exchange) => isLegacy(e) && e.family === method && isGood(e),
    },
    {
      what: `bad ${method} of 2025`,
      least: 2,
      counts: (e: Exchange) => isLegacy(e) && e.family === method && !isGood(e),
    },
  ]),
  ...Object.entries(CLASSES).map(([kind, least]) => ({
    what: `class ${kind}`,
    least,
    counts: (e: Exchange) => e.class === kind,
  })),
  ...Object.entries(ERAS).map(([era, least]) => ({
    what: `era ${era}`,
    least,
    counts: (e: Exchange) => e.era === era,
  })),
  ...Object.entries(FAMILIES).map(([family, least]) => ({
    what: `family ${family}`,
    least,
    counts: (e: Exchange) => e.family === family,
  })),
  ...['GET', 'HEAD', 'DELETE', 'PUT', 'PATCH', 'OPTIONS'].map(method => ({
    what: `HTTP method ${method}`,
    least: 1,
    counts: (e: Exchange) => e.request.method === method,
  })),
  { what: 'two-step exchanges', least: 5, counts: e => e.before !== undefined },
  { what: 'exchanges with a server of few capabilities', least: 8, counts: e => e.server === 'bare' },
  { what: 'exchanges with a modern-only server', least: 10, counts: e => e.server === 'modern-only' },
];

/** Every JSON-RPC code that a server of these revisions may answer with, and that the corpus must provoke. */
export const errorCodes: readonly number[] = [
  -32700, -32600, -32601, -32602, -32603, -32020, -32021, -32022, -32002, 4242,
];

/** Every HTTP status that the corpus must provoke. */
export const statuses: readonly number[] = [200, 202, 400, 404, 405, 415];
