/** The rows that compare requests per second of clients with a session, revision 2025-11-25, on both kinds of state. */
import { compare, compareBytes, higher, ratioRow as row } from './comparison.ts';
import type { Row } from './row.ts';
import { bare, slipway } from './server-specs.ts';
import { resumeCall, sessionCall, streamCall } from './session-calls.ts';

const inMemory = slipway();
const inSqlite = slipway({ state: 'sqlite' });
const raw = bare('raw', 'json');
const target = higher(0.78, 0.86);

export const sessionRows: readonly Row[] = [
  row('call-2025-session', 'tools/call, 2025-11-25 with a session, JSON', 'raw', target, plan =>
    compare(inMemory, raw, sessionCall, plan),
  ),
  row('call-2025-session-sqlite', 'the same with a stateDir', 'raw', target, plan =>
    compare(inSqlite, raw, sessionCall, plan),
  ),
  row(
    'stream-memory',
    'tools/call, 2025-11-25 with a session: 10 notifications and the answer as a resumable stream',
    'raw write of the same events, one write each',
    undefined,
    plan => compareBytes(inMemory, 'raw-stream', streamCall, plan),
  ),
  row(
    'stream-sqlite',
    'the same with a stateDir, each event on its way to disk first',
    'itself in memory',
    undefined,
    plan => compare(inSqlite, inMemory, streamCall, plan),
  ),
  row(
    'resume-sqlite',
    'GET with Last-Event-ID: 100 stored events, stateDir, one client',
    'itself in memory',
    undefined,
    plan => compare(inSqlite, inMemory, resumeCall, plan),
  ),
];
