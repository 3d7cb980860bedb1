/** Faults of sign-in, written as changes of what a healthy server answers. */
import type { Fault, FixtureAnswer, FixtureRequest } from './fixture-request.ts';

export const RESOURCE_PLACE = '/.well-known/oauth-protected-resource';
const SERVER_PLACES = /^\/\.well-known\/(oauth-authorization-server|openid-configuration)/;

/** Members with undefined are left out. */
type Change = (document: Record<string, unknown>, request: FixtureRequest) => Record<string, unknown>;

function changed(paths: RegExp, change: Change): { fault: Fault } {
  return {
    fault: async (request, healthy) => {
      const answer = await healthy();
      if (!paths.test(request.url.pathname) || answer.status !== 200 || request.method !== 'GET') return answer;
      const document = answer.body as Record<string, unknown>;
      return { ...answer, body: { ...document, ...change(document, request) } };
    },
  };
}

export function resourceSays(change: Change): { fault: Fault } {
  return changed(/^\/\.well-known\/oauth-protected-resource/, change);
}

export function serverSays(change: Change): { fault: Fault } {
  return changed(SERVER_PLACES, change);
}

/** Answers some paths in another way; undefined leaves it at the healthy one. */
export function at(
  paths: RegExp,
  answer: (request: FixtureRequest, healthy: () => Promise<FixtureAnswer>) => ReturnType<Fault>,
): { fault: Fault } {
  return { fault: (request, healthy) => (paths.test(request.url.pathname) ? answer(request, healthy) : undefined) };
}

/** Another challenge in the 401. */
export function challenged(challenge: (request: FixtureRequest) => string): { fault: Fault } {
  return at(/^\/mcp\/?$/, async (request, healthy) => {
    const answer = await healthy();
    if (answer.status !== 401) return answer;
    return { ...answer, headers: { ...answer.headers, 'WWW-Authenticate': challenge(request) } };
  });
}

/** One after the other; the first that has something to say is heard. */
export function together(...faults: readonly { fault: Fault }[]): { fault: Fault } {
  return {
    fault: (request, healthy) => {
      const chain = faults.reduceRight<() => Promise<FixtureAnswer>>(
        (next, { fault }) =>
          async () =>
            (await fault(request, next)) ?? next(),
        healthy,
      );
      return chain();
    },
  };
}
