/** Rows 70 and 76: what happens between a consent and the first token. Nothing here looks for them; the report says so. */
import type { Probe } from '../../probe.ts';

export const beyondSignIn: Probe = {
  name: 'consent and the code behind it',
  stage: 'oauth',
  rows: [70, 76],
  needs: ['oauth', 'user'],
  run: async () => [],
};
