/** Rows 78, 79 and 80: the server refuses the token that was given, and what it and the token say tells why. */

import type { Evidence } from '../../evidence.ts';
import { exchanged, fact } from '../../evidence.ts';
import { CLAUDE_RUNTIME, RUNTIME_INITIALIZE, runtimeProbe } from '../../observations/claude.ts';
import { mcpPost } from '../../observations/mcp-post.ts';
import { requestedScope } from '../../observations/requested-scope.ts';
import { resourceMetadata } from '../../observations/resource-metadata.ts';
import { objectionOf, saysScope } from '../../observations/sign-in-words.ts';
import { isExpired, type TokenClaims, tokenClaims } from '../../observations/token-claims.ts';
import type { Probe, Sighting } from '../../probe.ts';

const OF_AUDIENCE = /audience|\baud\b|\bresource (indicator|mismatch)|not (issued|intended|meant) for/i;
const OF_EXPIRY =
  /expires_?at|no expir|(without|missing|lacks|has no) (an? )?(expir|exp\b)|expir\w* (time )?(is )?(missing|not set|undefined|required)/i;
const WRONG_TOKEN = 'Bearer slipway-doctor-wrong-token';

function withoutSlash(text: string): string {
  return text.replace(/\/$/, '');
}

function shown({ audiences, scopes }: TokenClaims): Evidence {
  return fact(`the token has aud: ${audiences?.join(', ') ?? 'none'}; scope: ${scopes.join(' ') || 'none'}`);
}

export const refusedToken: Probe = {
  name: 'the token that was given',
  stage: 'oauth',
  rows: [78, 79, 80],
  needs: ['oauth', 'token'],
  async run(examination): Promise<readonly Sighting[]> {
    const refused = await runtimeProbe(examination);
    const objection = objectionOf(refused, RUNTIME_INITIALIZE.id);
    const claims = tokenClaims(examination);
    // What has expired is refused as it should be.
    if (objection === undefined || (claims !== undefined && isExpired(claims))) return [];
    const evidence = [...(claims === undefined ? [] : [shown(claims)]), exchanged(refused)];
    if (OF_EXPIRY.test(objection)) return [{ row: 79, evidence }];
    if (OF_AUDIENCE.test(objection)) return [{ row: 78, evidence }];
    const { status } = refused.response!;
    if (saysScope(objection)) {
      const { named } = await requestedScope(examination);
      // Where the scopes are named, whoever asked for the token could have asked for them.
      const isBare = claims === undefined ? named.length === 0 : claims.scopes.length === 0;
      return isBare ? [{ row: 80, evidence }] : [];
    }
    if (status !== 401 || claims?.audiences === undefined) return [];
    const resource = (await resourceMetadata(examination))?.document?.['resource'];
    const { origin, pathname } = examination.url;
    const fitting = [String(resource ?? ''), `${origin}${pathname}`, origin].map(withoutSlash);
    if (claims.audiences.some(audience => fitting.includes(withoutSlash(audience)))) return [];
    // A token that nobody knows is refused with the same words where the reason is not told.
    const wrong = await mcpPost(examination, {
      message: RUNTIME_INITIALIZE,
      voice: CLAUDE_RUNTIME,
      credentials: false,
      headers: [['Authorization', WRONG_TOKEN]],
    });
    if (wrong.response?.status !== 401) return [];
    const note = 'The server does not say why it refuses the token; its audience is not the resource.';
    return [{ row: 78, evidence, note }];
  },
};
