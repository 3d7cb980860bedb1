/** Row 3: a port other than 443. */
import { fact } from '../../evidence.ts';
import { isPublic } from '../../network/address-kind.ts';
import type { Probe } from '../../probe.ts';

export const port: Probe = {
  name: 'port',
  stage: 'address',
  rows: [3],
  async run({ url, network }) {
    if (url.protocol === 'https:' && url.port === '') return [];
    const { a, aaaa } = await network.resolve(url.hostname);
    // A server of one's own machine or network is not reached by the hosted clients anyway.
    if (![...a, ...aaaa].some(isPublic)) return [];
    return [{ row: 3, evidence: [fact(`the URL says ${url.protocol.slice(0, -1)} on port ${url.port || 80}`)] }];
  },
};
