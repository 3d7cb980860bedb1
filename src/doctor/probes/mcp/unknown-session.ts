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
  isRefused,
  isServed,
  notifyChanged,
  type UsualRequest,
  usualRequest,
} from '../../observations/changed-request.ts';
import { legacyEffect } from '../../observations/legacy-effect.ts';
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

function isUnhelpful(asked: Asked): boolean {
  return isRefused(asked) && asked.exchange.response?.status !== 404;
}

/** Every id that the server can not know is refused so, whatever its form. */
async function refusedRequest(
  examination: Examination,
  { session, method }: UsualRequest,
  ids: readonly string[],
): Promise<readonly Evidence[] | undefined> {
  const asked = await Promise.all(ids.map(sessionId => askChanged(examination, session, method, { sessionId })));
  if (!asked.every(isUnhelpful)) return undefined;
  const control = await askChanged(examination, session, method);
  return isServed(control) ? [exchanged(asked[0]!.exchange), exchanged(control.exchange)] : undefined;
}

function isFailing({ response }: Exchange): boolean {
  const status = response?.status ?? 0;
  return status === 400 || status >= 500;
}

async function refusedNotification(
  examination: Examination,
  { session }: UsualRequest,
  ids: readonly string[],
): Promise<readonly Evidence[] | undefined> {
  const sent = await Promise.all(
    ids.map(sessionId => notifyChanged(examination, session, NOTIFICATION, { sessionId })),
  );
  if (!sent.every(isFailing)) return undefined;
  const control = await notifyChanged(examination, session, NOTIFICATION);
  return (control.response?.status ?? 500) < 300 ? [exchanged(sent[0]!), exchanged(control)] : undefined;
}

export const unknownSession: Probe = {
  name: 'a session that is gone',
  stage: 'mcp',
  rows: [43, 44],
  needs: ['mcp'],
  async run(examination) {
    const usual = await usualRequest(examination);
    if (usual === undefined) return [];
    const { id } = usual.session;
    const ids = [...(id === undefined ? [] : [ofTheSameForm(id)]), randomUUID()];
    const sightings: Sighting[] = [];
    const request = await refusedRequest(examination, usual, ids);
    if (request !== undefined) sightings.push({ row: 43, evidence: request, ...(await legacyEffect(examination)) });
    const notification = await refusedNotification(examination, usual, ids);
    if (notification !== undefined) sightings.push({ row: 44, evidence: notification });
    return sightings;
  },
};
