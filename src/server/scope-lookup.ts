import { type Component, exists } from './registration.ts';
import { findResource } from './resource-lookup.ts';
import type { ScopeChallengeHandler } from './scope-challenge.ts';
import type { Snapshot } from './snapshot.ts';

/** The scope challenge of the component that a request is about; MCP 2026-07-28, basic/authorization. */
export function scopeChallengeOf(snapshot: Snapshot): ScopeChallengeHandler {
  return context => {
    const { method, params = {} } = context.request;
    const audience = { authInfo: context.authInfo };
    // What is hidden from the caller is not found, rather than out of reach.
    const ask = (component: Component | undefined) =>
      component !== undefined && exists(component, audience) ? component.scopeChallenge?.(context) : undefined;
    switch (method) {
      case 'tools/call':
        return ask(snapshot.tools.get(params['name'] as string));
      case 'prompts/get':
        return ask(snapshot.prompts.get(params['name'] as string));
      case 'resources/read': {
        const uri = params['uri'];
        if (typeof uri !== 'string' || !URL.canParse(uri)) return undefined;
        return ask(findResource(snapshot, audience, uri)?.component);
      }
      default:
        return undefined;
    }
  };
}
