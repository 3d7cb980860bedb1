import type { ScopeChallengeHandler } from './scope-challenge.ts';
import type { Snapshot } from './snapshot.ts';

/** The scope challenge of the component that a request is about; MCP 2026-07-28, basic/authorization. */
export function scopeChallengeOf(snapshot: Snapshot): ScopeChallengeHandler {
  return context => {
    const params = context.request.params ?? {};
    switch (context.request.method) {
      case 'tools/call': {
        const tool = snapshot.tools.get(params['name'] as string);
        return tool?.enabled ? tool.scopeChallenge?.(context) : undefined;
      }
      case 'prompts/get': {
        const prompt = snapshot.prompts.get(params['name'] as string);
        return prompt?.enabled ? prompt.scopeChallenge?.(context) : undefined;
      }
      case 'resources/read': {
        const uri = params['uri'];
        if (typeof uri !== 'string' || !URL.canParse(uri)) return undefined;
        const { href } = new URL(uri);
        const resource = snapshot.resources.get(uri) ?? snapshot.resources.get(href);
        if (resource !== undefined) return resource.enabled ? resource.scopeChallenge?.(context) : undefined;
        const template = snapshot.templates.find(one => one.resourceTemplate.uriTemplate.match(href) !== null);
        return template?.enabled ? template.scopeChallenge?.(context) : undefined;
      }
      default:
        return undefined;
    }
  };
}
