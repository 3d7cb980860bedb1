/** Rows 37 to 40: versions in headers, in envelopes and in `initialize`. */
import type { Fault, FixtureAnswer, FixtureRequest } from '../kit/fixture-request.ts';
import type { HealthyOptions } from '../kit/healthy-server.ts';
import { type PlantedFault, planted } from '../kit/planted-fault.ts';
import { refusal, sessions } from '../kit/session-server.ts';

const LEGACY: HealthyOptions = { era: 'legacy' };
const QUICK = { limits: { exchangeMs: 500 } };
const NEVER = new Promise<never>(() => {});
const SUPPORTED = ['2025-11-25', '2025-06-18', '2025-03-26'];

const headerOf = ({ headers }: FixtureRequest) => headers['mcp-protocol-version'];
const isPost = ({ method, url }: FixtureRequest) => method === 'POST' && url.pathname === '/mcp';
const isInitialize = ({ message }: FixtureRequest) => message?.method === 'initialize';

/** Whatever names a version in its header that the server does not have. */
function checksHeader(
  answer: FixtureAnswer | ((request: FixtureRequest) => FixtureAnswer),
  others?: Fault,
): { fault: Fault } {
  return {
    fault: (request, healthy) => {
      const version = headerOf(request);
      const isKnown = version === undefined || SUPPORTED.includes(String(version));
      if (isPost(request) && !isInitialize(request) && !isKnown) {
        return typeof answer === 'function' ? answer(request) : answer;
      }
      return others?.(request, healthy);
    },
  };
}

const SDK_V1 = refusal(400, 'Bad Request: Unsupported protocol version: 2026-07-28 (supported versions: 2025-11-25)');

const NEWER: readonly PlantedFault[] = [
  planted(37, 'as the official SDK v1 has it', checksHeader(SDK_V1), { base: LEGACY }),
  planted(37, 'with a session', checksHeader(SDK_V1, sessions()), { base: { ...LEGACY, fault: sessions() } }),
  planted(37, '404', checksHeader({ status: 404, body: 'Unsupported protocol version' }), { base: LEGACY }),
  planted(37, 'an internal error', checksHeader(refusal(500, 'Internal error', -32603)), { base: LEGACY }),
  planted(37, 'in band', checksHeader(refusal(200, 'Unsupported MCP-Protocol-Version', -32602)), { base: LEGACY }),
];

/** A front that has a header of its own for what it passes on. */
function passesOn(change: (headers: FixtureRequest['headers']) => void): HealthyOptions {
  return {
    fault: (request, healthy) => {
      change(request.headers);
      return healthy();
    },
  };
}

function envelopeOf({ message }: FixtureRequest): unknown {
  return (message?.params?.['_meta'] as Record<string, unknown> | undefined)?.[
    'io.modelcontextprotocol/protocolVersion'
  ];
}

function mismatched(answer: (request: FixtureRequest) => FixtureAnswer | Promise<FixtureAnswer>): HealthyOptions {
  return {
    fault: request => {
      const version = envelopeOf(request);
      return version !== undefined && version !== headerOf(request) ? answer(request) : undefined;
    },
  };
}

const MISMATCH: readonly PlantedFault[] = [
  planted(
    38,
    'a front that writes 2025-11-25 into every header',
    passesOn(headers => {
      headers['mcp-protocol-version'] = '2025-11-25';
    }),
  ),
  planted(
    38,
    'a front that drops the header',
    passesOn(headers => {
      delete headers['mcp-protocol-version'];
    }),
  ),
  planted(
    38,
    'a front that drops Mcp-Method',
    passesOn(headers => {
      delete headers['mcp-method'];
    }),
  ),
  planted(38, 'refused as an internal error', mismatched(refusal(500, 'Internal error', -32603))),
  planted(38, 'refused with 400 and another code', mismatched(refusal(400, 'Invalid Request', -32600))),
  planted(38, 'refused in band', mismatched(refusal(200, 'Header mismatch', -32020))),
  planted(
    38,
    'not answered',
    mismatched(() => NEVER),
    { doctor: QUICK },
  ),
];

const isWithoutVersion = (request: FixtureRequest) =>
  isPost(request) && !isInitialize(request) && headerOf(request) === undefined;

function withoutVersion(answer: (request: FixtureRequest, healthy: FixtureAnswer) => FixtureAnswer): { fault: Fault } {
  return {
    fault: async (request, healthy) => {
      const usual = await healthy();
      return isWithoutVersion(request) ? answer(request, usual) : usual;
    },
  };
}

/** The same list with fewer tools. */
function listed(most: number): { fault: Fault } {
  return withoutVersion(({ message }, usual) => {
    if (message?.method !== 'tools/list') return usual;
    const { result, ...rest } = usual.body as { result: { tools: readonly object[] } };
    return { ...usual, body: { ...rest, result: { ...result, tools: result.tools.slice(0, most) } } };
  });
}

const MISSING: readonly PlantedFault[] = [
  planted(39, '400', withoutVersion(refusal(400, 'Missing required MCP-Protocol-Version header')), { base: LEGACY }),
  planted(39, 'in band, where both eras are spoken', withoutVersion(refusal(200, 'Unsupported version', -32602))),
  planted(39, 'no tools', listed(0), { base: LEGACY }),
  planted(39, 'fewer tools', listed(1), { base: LEGACY }),
];

function initializes(answer: (request: FixtureRequest, usual: FixtureAnswer) => FixtureAnswer): { fault: Fault } {
  return {
    fault: async (request, healthy) => {
      const usual = await healthy();
      return isInitialize(request) ? answer(request, usual) : usual;
    },
  };
}

function exactly(version: string, refused: (request: FixtureRequest) => FixtureAnswer): { fault: Fault } {
  return initializes((request, usual) =>
    request.message?.params?.['protocolVersion'] === version ? usual : refused(request),
  );
}

const NEGOTIATED: readonly PlantedFault[] = [
  planted(
    40,
    'an older one, refused in band',
    exactly('2025-06-18', refusal(200, 'Unsupported protocol version', -32602)),
    {
      base: LEGACY,
    },
  ),
  planted(40, 'an older one, refused with 400', exactly('2024-11-05', refusal(400, 'Unsupported protocol version')), {
    base: LEGACY,
  }),
  planted(40, 'the one that Claude offers', exactly('2025-11-25', refusal(400, 'Unsupported version', -32602)), {
    base: LEGACY,
  }),
  planted(
    40,
    'the one that Claude offers, else it breaks',
    exactly('2025-11-25', () => ({ status: 500, body: 'KeyError' })),
  ),
  planted(
    40,
    'an answer that is no revision',
    initializes((_, usual) => {
      const { result, ...rest } = usual.body as { result: object };
      return { ...usual, body: { ...rest, result: { ...result, protocolVersion: '1.0' } } };
    }),
    { base: LEGACY },
  ),
  planted(40, '2026-07-28 only', { era: 'modern' }),
];

export const VERSION_FAULTS: readonly PlantedFault[] = [...NEWER, ...MISMATCH, ...MISSING, ...NEGOTIATED];
