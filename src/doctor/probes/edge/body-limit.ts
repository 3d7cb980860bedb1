/** Row 23: how large a call may be. */
import { type Evidence, fact } from '../../evidence.ts';
import type { Examination } from '../../examination.ts';
import type { Exchange } from '../../exchange/exchange.ts';
import { harmlessCall } from '../../observations/harmless-call.ts';
import type { Probe } from '../../probe.ts';

/** Bytes: just above what Express (100 kB) and nginx (1 MB) take unless told otherwise. */
const SIZES = [150_000, 1_100_000] as const;
const TOO_LARGE = /(entity|payload|body|content)[ _]?(is[ _])?too[ _]?large|body exceeded/i;

function isTooLarge({ response }: Exchange): boolean {
  if (response === undefined) return false;
  return response.status === 413 || (response.status >= 400 && TOO_LARGE.test(response.text.slice(0, 4_096)));
}

/** The request is not shown: it is long, and says nothing. */
function evidenceOf({ response, request }: Exchange): Evidence {
  const server = response?.headers.get('server');
  const by = server === undefined ? '' : ` by ${server}`;
  return fact(`a POST of ${request.body.length} bytes is answered with ${response?.status}${by}`);
}

async function refusedSize(examination: Examination): Promise<Exchange | undefined> {
  for (const size of SIZES) {
    const exchange = await harmlessCall(examination, 'x'.repeat(size));
    if (isTooLarge(exchange)) return exchange;
  }
  return undefined;
}

export const bodyLimit: Probe = {
  name: 'size of bodies',
  stage: 'edge',
  rows: [23],
  needs: ['write'],
  last: true,
  async run(examination) {
    const refused = await refusedSize(examination);
    return refused === undefined ? [] : [{ row: 23, evidence: [evidenceOf(refused)] }];
  },
};
