// What looks like a fault of the MCP stage and is none; each of them is found where it is one (faults/).
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Fault, FixtureAnswer, FixtureRequest } from './kit/fixture-request.ts';
import { TOOLS } from './kit/healthy-mcp.ts';
import { type HealthyOptions, healthyServer } from './kit/healthy-server.ts';
import { assertClean, diagnose } from './kit/planted-fault.ts';
import { NOT_FOUND, refusal, type SessionsOptions, sessions } from './kit/session-server.ts';

const LEGACY: HealthyOptions = { era: 'legacy' };

const isMethod = (method: string) => (request: FixtureRequest) => request.message?.method === method;

function instead(
  when: (request: FixtureRequest) => boolean,
  answer: (request: FixtureRequest) => FixtureAnswer,
): Fault {
  return request => (when(request) ? answer(request) : undefined);
}

/** Once in a run, and never again. */
function once(when: (request: FixtureRequest) => boolean, answer: (request: FixtureRequest) => FixtureAnswer): Fault {
  let isOver = false;
  return request => {
    if (isOver || !when(request)) return undefined;
    isOver = true;
    return answer(request);
  };
}

function inSessions(options: SessionsOptions): HealthyOptions {
  return { ...LEGACY, fault: sessions(options) };
}

/** Sessions whose ids are signed: what is not signed is no session, what has ended was one. */
function signedSessions(): Fault {
  const ended = new Set<string>();
  const known = sessions();
  return async (request, healthy) => {
    const id = request.headers['mcp-session-id'];
    if (typeof id !== 'string') {
      const answer = (await known(request, healthy))!;
      const given = answer.headers?.['Mcp-Session-Id'];
      if (given === undefined) return answer;
      return { ...answer, headers: { ...answer.headers, 'Mcp-Session-Id': `${given}.signature` } };
    }
    const [name, signature] = id.split('.');
    if (signature !== 'signature') return refusal(400, 'The session id is malformed')(request);
    if (ended.has(id)) return NOT_FOUND(request);
    if (request.method === 'DELETE') ended.add(id);
    return (await known({ ...request, headers: { ...request.headers, 'mcp-session-id': name! } }, healthy))!;
  };
}

/** A session ends by itself in the middle of the run. */
function endsAfter(requests: number): Fault {
  const kept = sessions();
  let seen = 0;
  return (request, healthy) => {
    if (request.headers['mcp-session-id'] === undefined) return kept(request, healthy);
    if (++seen <= requests || request.message?.id === undefined) return kept(request, healthy);
    return NOT_FOUND(request);
  };
}

/** One request of a session at a time. */
function oneAtATime(): Fault {
  const kept = sessions();
  let isBusy = false;
  return async (request, healthy) => {
    if (request.headers['mcp-session-id'] === undefined || request.message?.id === undefined) {
      return (await kept(request, healthy))!;
    }
    if (isBusy) return refusal(400, 'Another request of this session is running')(request);
    isBusy = true;
    await new Promise(resolve => setTimeout(resolve, 5));
    isBusy = false;
    return (await kept(request, healthy))!;
  };
}

let lists = 0;

const HARMLESS: Readonly<Record<string, HealthyOptions>> = {
  'the 2025 era only': LEGACY,
  'the 2025 era only, with sessions': inSessions({}),
  'both eras, with sessions of the older one': { fault: sessions({}, true) },
  'sessions that have never been are served': inSessions({
    unknown: ({ message }) => ({ body: { jsonrpc: '2.0', id: message!.id, result: { tools: TOOLS } } }),
  }),
  'notifications of lost sessions get 404': inSessions({ unknownNotification: NOT_FOUND }),
  'ids of sessions that are signed': { ...LEGACY, fault: signedSessions() },
  'sessions that end while they are used': { ...LEGACY, fault: endsAfter(6) },
  'one request of a session at a time': { ...LEGACY, fault: oneAtATime() },
  'unknown methods get 404 and -32601': {
    ...LEGACY,
    fault: instead(isMethod('server/discover'), refusal(404, 'Method not found', -32601)),
  },
  'unknown methods get 400 and -32601': {
    ...LEGACY,
    fault: instead(isMethod('server/discover'), refusal(400, 'Method not found', -32601)),
  },
  'unknown methods get 404 and a word': {
    ...LEGACY,
    fault: instead(isMethod('server/discover'), () => ({ status: 404, body: 'Unknown method' })),
  },
  'unknown methods get an error in band': {
    ...LEGACY,
    fault: instead(isMethod('server/discover'), refusal(200, 'Invalid request', -32600)),
  },
  'server/discover tells which versions there are instead': {
    ...LEGACY,
    fault: instead(isMethod('server/discover'), ({ message }) => ({
      status: 400,
      body: {
        jsonrpc: '2.0',
        id: message!.id,
        error: { code: -32022, message: 'Unsupported', data: { supported: [] } },
      },
    })),
  },
  'a revision of the future beside 2026-07-28': {
    fault: async (request, healthy) => {
      const answer = await healthy();
      if (!isMethod('server/discover')(request)) return answer;
      const { result, ...rest } = answer.body as { result: object };
      return { ...answer, body: { ...rest, result: { ...result, supportedVersions: ['2027-01-01', '2026-07-28'] } } };
    },
  },
  'a notification gets 202 and a word': {
    fault: instead(
      ({ message }) => message !== undefined && !('id' in message),
      () => ({ status: 202, body: 'Accepted' }),
    ),
  },
  'a version that nobody knows is taken for granted': {
    ...LEGACY,
    fault: instead(isMethod('initialize'), ({ message }) => ({
      body: {
        jsonrpc: '2.0',
        id: message!.id,
        result: {
          protocolVersion: message!.params!['protocolVersion'],
          capabilities: { tools: {} },
          serverInfo: { name: 'fixture', version: '1.0.0' },
        },
      },
    })),
  },
  'the newest revision whatever is offered is an old one': {
    ...LEGACY,
    fault: async (request, healthy) => {
      const answer = await healthy();
      if (!isMethod('initialize')(request)) return answer;
      const { result, ...rest } = answer.body as { result: object };
      return { ...answer, body: { ...rest, result: { ...result, protocolVersion: '2024-11-05' } } };
    },
  },
  'no tools at all': {
    ...LEGACY,
    fault: instead(isMethod('tools/list'), refusal(200, 'Method not found', -32601)),
  },
  'neither tools nor ping': {
    ...LEGACY,
    fault: instead(
      request => isMethod('tools/list')(request) || isMethod('ping')(request),
      refusal(200, 'Method not found', -32601),
    ),
  },
  'tools that come and go': {
    ...LEGACY,
    fault: instead(isMethod('tools/list'), ({ message }) => ({
      body: { jsonrpc: '2.0', id: message!.id, result: { tools: lists++ % 2 === 0 ? TOOLS : TOOLS.slice(0, 1) } },
    })),
  },
  'server/discover fails once': { fault: once(isMethod('server/discover'), () => ({ status: 503, body: 'busy' })) },
  'a notification fails once': {
    ...LEGACY,
    fault: once(isMethod('notifications/initialized'), () => ({ status: 502, body: 'Bad Gateway' })),
  },
  'a request without the header fails once': {
    ...LEGACY,
    fault: once(
      request => isMethod('tools/list')(request) && request.headers['mcp-protocol-version'] === undefined,
      () => ({ status: 500, body: 'Internal Server Error' }),
    ),
  },
  'an initialize with a later version fails once': {
    ...LEGACY,
    fault: once(
      ({ message }) => message?.params?.['protocolVersion'] === '2099-01-01',
      () => ({ status: 500, body: 'Internal Server Error' }),
    ),
  },
};

describe('the doctor stays silent about MCP', () => {
  for (const [name, server] of Object.entries(HARMLESS)) {
    test(name, async () => {
      const running = await healthyServer(server);
      try {
        assertClean(await diagnose(running));
      } finally {
        await running.close();
      }
    });
  }

  test('a header that differs from the envelope is refused as the specification demands', async () => {
    const running = await healthyServer();
    try {
      assertClean(await diagnose(running));
      // Claude Code has releases that send such requests: who asks for its sake alone is told.
      const { findings, verdict } = await diagnose(running, { clients: ['claude-code'] });
      assert.deepEqual(
        findings.map(({ row, effect }) => [row, effect]),
        [[38, 'note']],
      );
      assert.match(findings[0]!.notes[0]!, /The specification demands this refusal/);
      assert.equal(verdict, 'healthy');
    } finally {
      await running.close();
    }
  });
});
