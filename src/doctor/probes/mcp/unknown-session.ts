/**
 * Rows 43 and 44: a session that the server does not know, as after a restart. 404 tells a client to begin another one
 * (MCP 2025-11-25, basic/transports, Session Management); anything else does not.
 */
import { randomUUID } from 'node:crypto';
import { type Evidence, exchanged } from '../../evidence.ts';
import type { Examination } from '../../examination.ts';
import type { Exchange } from '../../exchange/exchange.ts';
import {
  askChanged,
  type Difference,
  differenceOf,
  isServed,
  notifyChanged,
  type UsualRequest,
  usualRequest,
} from '../../observations/changed-request.ts';
import { CLAUDE_RUNTIME, LEGACY_REVISION } from '../../observations/claude.ts';
import { initialize, sessionIdOf } from '../../observations/initialize.ts';
import { legacyEffect } from '../../observations/legacy-effect.ts';
import { endSession } from '../../observations/mcp-post.ts';
import type { Asked } from '../../observations/session.ts';
import type { Probe, Sighting } from '../../probe.ts';

const NOTIFICATION = 'notifications/initialized';

/** A letter for a letter and a digit for a digit: an id that could be one of this server's. */
function ofTheSameForm(id: string): string {
  let shift = 0;
  const next = (alphabet: string, character: string) =>
    alphabet[(alphabet.indexOf(character) + 1 + (shift++ % (alphabet.length - 1))) % alphabet.length]!;
  return id.replace(/[0-9a-zA-Z]/g, character => {
    if (/[0-9]/.test(character)) return next('0123456789', character);
    const isUpper = character === character.toUpperCase();
    // Hexadecimal digits stay what they are.
    const alphabet = /[a-f]/i.test(character) ? 'abcdef' : 'ghijklmnopqrstuvwxyz';
    const changed = next(alphabet, character.toLowerCase());
    return isUpper ? changed.toUpperCase() : changed;
  });
}

function isUnhelpful({ exchange }: Asked): boolean {
  return exchange.response?.status !== 404;
}

/** An id that was one of a session, and is not any more; undefined where none can be had. */
async function endedId(examination: Examination, { session, method }: UsualRequest): Promise<string | undefined> {
  if (session.id === undefined) return undefined;
  const sessionId = sessionIdOf(await initialize(examination, LEGACY_REVISION));
  if (sessionId === undefined) return undefined;
  const { response } = await endSession(examination, sessionId, { voice: CLAUDE_RUNTIME });
  if (response === undefined || response.status >= 300) return undefined;
  const asked = await askChanged(examination, session, method, { sessionId });
  return isServed(asked) ? undefined : sessionId;
}

/** Ids of no session. The last was one once: where ids are signed, the others are no more than malformed. */
async function* unknownIds(examination: Examination, usual: UsualRequest): AsyncGenerator<string> {
  const { id } = usual.session;
  yield id === undefined ? randomUUID() : ofTheSameForm(id);
  yield randomUUID();
  const ended = await endedId(examination, usual);
  if (ended !== undefined) yield ended;
}

async function refusedRequest(examination: Examination, usual: UsualRequest): Promise<readonly Evidence[] | undefined> {
  let first: Difference | undefined;
  for await (const sessionId of unknownIds(examination, usual)) {
    const difference = await differenceOf(examination, usual, { sessionId }, isUnhelpful);
    if (difference === undefined) return undefined;
    first ??= difference;
  }
  return first && [exchanged(first.refused.exchange), exchanged(first.served.exchange)];
}

function isFailing({ response }: Exchange): boolean {
  const status = response?.status ?? 0;
  return status === 400 || status >= 500;
}

async function refusedNotification(
  examination: Examination,
  usual: UsualRequest,
): Promise<readonly Evidence[] | undefined> {
  let first: Exchange | undefined;
  for await (const sessionId of unknownIds(examination, usual)) {
    const sent = await notifyChanged(examination, usual.session, NOTIFICATION, { sessionId });
    if (!isFailing(sent)) return undefined;
    first ??= sent;
  }
  const control = await notifyChanged(examination, usual.session, NOTIFICATION);
  return first && (control.response?.status ?? 500) < 300 ? [exchanged(first), exchanged(control)] : undefined;
}

export const unknownSession: Probe = {
  name: 'a session that is gone',
  stage: 'mcp',
  rows: [43, 44],
  needs: ['mcp'],
  async run(examination) {
    const usual = await usualRequest(examination);
    if (usual === undefined) return [];
    const sightings: Sighting[] = [];
    const request = await refusedRequest(examination, usual);
    if (request !== undefined) sightings.push({ row: 43, evidence: request, ...(await legacyEffect(examination)) });
    const notification = await refusedNotification(examination, usual);
    if (notification !== undefined) sightings.push({ row: 44, evidence: notification });
    return sightings;
  },
};
