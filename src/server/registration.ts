/** What tools, resources and prompts have in common once registered. */

import type { AudienceContext } from './context.ts';
import type { ScopeChallengeHandler } from './scope-challenge.ts';

/** Whether a component exists for a caller; sees authorization facts only (MCP 2026-07-28, server/tools, "Capabilities"). */
export type Audience = (ctx: AudienceContext) => boolean;

/** Parts of a component's config that every kind takes. */
export interface ComponentConfig {
  /** Hides the component from callers for whom this is false. Lists that it shapes are private to their caller. */
  enabled?: Audience;
  /** Scopes that a request needs; see `requireScopes`. */
  scopeChallenge?: ScopeChallengeHandler;
}

export interface Component {
  /** Switched off by `disable()`: gone from lists and refused when used. */
  enabled: boolean;
  /** The predicate of the config. */
  audience: Audience | undefined;
  scopeChallenge: ScopeChallengeHandler | undefined;
}

const complained = new WeakSet<Audience>();

/** Whether the component is there for this caller. It fails closed: anything but `true` hides it, an exception too. */
export function isFor({ audience }: Pick<Component, 'audience'>, context: AudienceContext): boolean {
  if (audience === undefined) return true;
  try {
    const answer: unknown = audience(context);
    if (typeof answer !== 'boolean') complain(audience, `returned ${typeof answer} instead of a boolean`);
    return answer === true;
  } catch (error) {
    complain(audience, `threw ${error instanceof Error ? error.stack : String(error)}`);
    return false;
  }
}

/** Once for each predicate: it is asked at every request. */
function complain(audience: Audience, what: string): void {
  if (complained.has(audience)) return;
  complained.add(audience);
  process.emitWarning(`An enabled(ctx) ${what}; its component is hidden`, { code: 'SLIP_AUDIENCE' });
}

/** Whether the caller may see and use the component. */
export function exists(component: Component, context: AudienceContext): boolean {
  return component.enabled && isFor(component, context);
}
