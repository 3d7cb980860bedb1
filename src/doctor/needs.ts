/** Why a probe can not say anything of this server. */
import type { Examination } from './examination.ts';
import { access } from './observations/access.ts';
import { anonymousProbe } from './observations/claude.ts';
import { reach } from './observations/reach.ts';
import { resourceMetadata } from './observations/resource-metadata.ts';
import type { Need } from './probe.ts';

/** `void`: there is nothing to examine, so nothing is missing. `unchecked`: it may be there and was not looked at. */
export interface Unmet {
  readonly kind: 'void' | 'unchecked';
  readonly why: string;
}

async function whySignedOut(examination: Examination): Promise<string> {
  if (!examination.hasCredentials) return 'the server asks for sign-in: give --bearer';
  const isTrusted = (await reach(examination)).facts?.tls?.authorized !== false;
  return isTrusted
    ? 'the server refuses the credentials given'
    : 'the credentials were not sent, because the certificate can not be verified';
}

const CHECKS: Readonly<Record<Need, (examination: Examination) => Promise<Unmet | undefined>>> = {
  write: async ({ options }) =>
    options.write === true ? undefined : { kind: 'unchecked', why: 'it leaves state or adds load: give --write' },
  token: async ({ options }) =>
    options.bearer === undefined
      ? { kind: 'unchecked', why: 'give --bearer: it takes an access token to see that' }
      : undefined,
  user: async () => ({
    kind: 'unchecked',
    why: 'it needs a user who signs in; slipway doctor --explain says what to look for',
  }),
  mcp: async examination => {
    const { state } = await access(examination);
    if (state === 'open') return undefined;
    const why = state === 'closed' ? 'the endpoint does not answer MCP requests' : undefined;
    return { kind: 'unchecked', why: why ?? (await whySignedOut(examination)) };
  },
  oauth: async examination => {
    const { state } = await access(examination);
    if (state === 'sign-in' || (await resourceMetadata(examination)) !== undefined) return undefined;
    if ((await anonymousProbe(examination)).response?.status === 401) return undefined;
    return { kind: 'void', why: 'the server asks for no sign-in' };
  },
};

/** The first need that is not met. */
export async function unmetNeed(examination: Examination, needs: readonly Need[]): Promise<Unmet | undefined> {
  for (const need of needs) {
    const unmet = await CHECKS[need](examination);
    if (unmet !== undefined) return unmet;
  }
  return undefined;
}
