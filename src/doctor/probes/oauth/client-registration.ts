/** Rows 62, 66, 67, 69, 84 and 85: registrations as clients send them, each of which is deleted again where that is offered. */
import { exchanged, fact } from '../../evidence.ts';
import type { Examination } from '../../examination.ts';
import {
  hostedRegistration,
  listedMethods,
  localMethod,
  loopbackRegistration,
  type Registration,
  register,
} from '../../observations/registration.ts';
import { CLAUDE_CALLBACK, VSCODE_CALLBACKS } from '../../observations/sign-in-client.ts';
import type { Probe, Sighting } from '../../probe.ts';

const OF_REDIRECTS = /redirect|callback/i;
/** Of the redirects of VS Code, the one without which it does not work. */
const VSCODE_ALONE = ['http://127.0.0.1:33418/'] as const;

function said({ exchange }: Registration): string {
  return exchange.response?.text ?? '';
}

/** Strangers may not register at all. */
function isClosed({ exchange, isRefused }: Registration): boolean {
  const { status } = exchange.response ?? {};
  return isRefused && (status === 401 || status === 403);
}

/** Every method that is listed, with Claude's redirect. */
async function withEachMethod(examination: Examination): Promise<readonly Registration[]> {
  const tried: Registration[] = [];
  for (const method of await listedMethods(examination)) {
    const registration = await register(examination, [CLAUDE_CALLBACK], method);
    if (registration !== undefined) tried.push(registration);
  }
  return tried;
}

function refusedMethods(tried: readonly Registration[]): readonly Sighting[] {
  const taken = tried.find(({ client }) => client !== undefined);
  const refused = tried.filter(({ isRefused }) => isRefused);
  if (taken === undefined || refused.length === 0) return [];
  const names = refused.map(({ method }) => method).join(', ');
  const evidence = [...refused.map(({ exchange }) => exchanged(exchange)), exchanged(taken.exchange)];
  return [{ row: 67, evidence: [fact(`listed, and refused: ${names}`), ...evidence] }];
}

function refusedCallback(tried: readonly Registration[], loopback: Registration | undefined): readonly Sighting[] {
  const [first] = tried;
  if (first === undefined || !tried.every(({ isRefused }) => isRefused)) return [];
  if (tried.every(isClosed) && (loopback === undefined || isClosed(loopback))) {
    const note = 'There is a registration endpoint, and it refuses whoever has no token for it.';
    return [{ row: 62, evidence: [exchanged(first.exchange)], note }];
  }
  if (loopback?.client !== undefined) {
    return [{ row: 66, evidence: [exchanged(first.exchange), exchanged(loopback.exchange)] }];
  }
  return OF_REDIRECTS.test(said(first)) ? [{ row: 66, evidence: [exchanged(first.exchange)] }] : [];
}

function nullMembers(all: readonly Registration[]): readonly Sighting[] {
  for (const { client, document, exchange } of all) {
    if (client === undefined || document === undefined) continue;
    const names = Object.keys(document).filter(name => document[name] === null);
    if (names.length > 0) return [{ row: 69, evidence: [fact(`null: ${names.join(', ')}`), exchanged(exchange)] }];
  }
  return [];
}

/** A set is refused of which a part alone is taken. */
async function refusedSet(examination: Examination, loopback: Registration | undefined): Promise<readonly Sighting[]> {
  if (loopback?.isRefused === true && !isClosed(loopback)) return [];
  const method = await localMethod(examination);
  const set = await register(examination, VSCODE_CALLBACKS, method);
  if (set?.isRefused !== true) return [];
  const alone = await register(examination, VSCODE_ALONE, method);
  if (alone?.client === undefined) return [];
  return [{ row: 84, evidence: [exchanged(set.exchange), exchanged(alone.exchange)] }];
}

export const clientRegistration: Probe = {
  name: 'registration of clients',
  stage: 'oauth',
  rows: [62, 66, 67, 69, 84, 85],
  needs: ['oauth', 'write'],
  async run(examination) {
    const tried = await withEachMethod(examination);
    const hosted = await hostedRegistration(examination);
    if (hosted === undefined) return [];
    const loopback = await loopbackRegistration(examination);
    const refusal = refusedCallback(tried, loopback);
    const sightings = [
      ...refusedMethods(tried),
      ...refusal,
      ...nullMembers([...tried, ...(loopback ? [loopback] : [])]),
    ];
    if (refusal.some(({ row }) => row === 62)) return refusal;
    if (loopback?.isRefused === true && (hosted.client !== undefined || OF_REDIRECTS.test(said(loopback)))) {
      const control = hosted.client === undefined ? [] : [exchanged(hosted.exchange)];
      sightings.push({ row: 85, evidence: [exchanged(loopback.exchange), ...control] });
    }
    return [...sightings, ...(await refusedSet(examination, loopback))];
  },
};
