/** Row 81: a missing scope is answered otherwise than by 403 with `insufficient_scope`. */
import { exchanged } from '../../evidence.ts';
import type { Exchange } from '../../exchange/exchange.ts';
import { challengesIn } from '../../observations/challenge.ts';
import { RUNTIME_INITIALIZE, runtimeProbe } from '../../observations/claude.ts';
import { HARMLESS_CALL_ID, harmlessCall } from '../../observations/harmless-call.ts';
import { readOnlyCalls } from '../../observations/read-only-calls.ts';
import { objectionOf, saysScope } from '../../observations/sign-in-words.ts';
import { toolList } from '../../observations/tool-list.ts';
import type { Probe } from '../../probe.ts';

interface Asked {
  readonly exchange: Exchange;
  readonly objection: string | undefined;
}

function isProper({ response }: Exchange): boolean {
  const challenges = challengesIn(response?.headers.all('www-authenticate') ?? []);
  return response?.status === 403 && challenges.some(({ parameters }) => parameters['error'] === 'insufficient_scope');
}

/** What an answer objects, for requests whose id is not known here. */
function objectionIn(exchange: Exchange): string | undefined {
  const text = exchange.response?.text ?? '';
  const id = /"id"\s*:\s*(\d+)/.exec(text)?.[1];
  return objectionOf(exchange, Number(id ?? 0));
}

export const missingScope: Probe = {
  name: 'answer to a missing scope',
  stage: 'oauth',
  rows: [81],
  needs: ['oauth', 'token'],
  async run(examination) {
    const first = await runtimeProbe(examination);
    const asked: Asked[] = [{ exchange: first, objection: objectionOf(first, RUNTIME_INITIALIZE.id) }];
    const listed = (await toolList(examination))?.exchanges[0];
    if (listed !== undefined) asked.push({ exchange: listed, objection: objectionIn(listed) });
    const call = await harmlessCall(examination, 'test');
    asked.push({ exchange: call, objection: objectionOf(call, HARMLESS_CALL_ID) });
    if (examination.options.write === true) {
      for (const { exchange } of await readOnlyCalls(examination)) {
        asked.push({ exchange, objection: objectionIn(exchange) });
      }
    }
    const wrong = asked.find(
      ({ exchange, objection }) => objection !== undefined && saysScope(objection) && !isProper(exchange),
    );
    return wrong === undefined ? [] : [{ row: 81, evidence: [exchanged(wrong.exchange)] }];
  },
};
