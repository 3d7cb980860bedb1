/** Row 21: a firewall that takes the arguments of a call for an attack. */
import { exchanged } from '../../evidence.ts';
import type { Exchange } from '../../exchange/exchange.ts';
import { harmlessCall } from '../../observations/harmless-call.ts';
import { jsonObject } from '../../observations/rpc-answer.ts';
import type { Probe } from '../../probe.ts';

/** What tools for code, databases and files are called with every day. */
const ORDINARY =
  "SELECT name, email FROM users WHERE id = 1 OR '1'='1' UNION SELECT 1, 2 -- ; <script>alert(1)</script> ../../etc/passwd ; cat /etc/shadow | sh";
const PLAIN = 'Names and addresses of all users, in the order in which they came';

/** Whether the server itself has answered: whatever it says, it says it in JSON-RPC or asks for sign-in. */
function isOfServer({ response }: Exchange): boolean {
  if (response === undefined) return false;
  return response.status === 401 || response.events.length > 0 || jsonObject(response.text)?.['jsonrpc'] === '2.0';
}

export const bodyInspection: Probe = {
  name: 'firewall that reads bodies',
  stage: 'edge',
  rows: [21],
  needs: ['write'],
  last: true,
  async run(examination) {
    const plain = await harmlessCall(examination, PLAIN);
    if (!isOfServer(plain)) return [];
    const suspicious = await harmlessCall(examination, ORDINARY);
    if (isOfServer(suspicious) || suspicious.response?.status === 429) return [];
    const again = await harmlessCall(examination, ORDINARY);
    if (isOfServer(again)) return [];
    return [{ row: 21, evidence: [exchanged(suspicious), exchanged(plain)] }];
  },
};
