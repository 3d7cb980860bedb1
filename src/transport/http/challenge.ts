import { INTERNAL_ERROR, type JSONRPCRequest } from '../../protocol/json-rpc.ts';
import { logInternal } from '../../server/fault.ts';
import { checkScopeChallenge } from '../../server/scope-challenge.ts';
import type { HttpEndpoint } from './endpoint.ts';
import { errorBody } from './error-body.ts';
import type { HttpRequest } from './http-request.ts';
import type { Responder } from './responder.ts';
import { scopeChallengeAnswer } from './scope-challenge-answer.ts';
import type { Served } from './served.ts';

/**
 * Goes on with the requests of a POST, unless what one asks for needs scopes that its token lacks: decided before anything is sent
 * (MCP 2026-07-28, basic/authorization, "Scope Challenge Handling").
 */
export function challenged(
  endpoint: HttpEndpoint,
  { registered, server }: Served,
  request: HttpRequest,
  responder: Responder,
  messages: readonly JSONRPCRequest[],
  go: () => void,
): void {
  if (registered === undefined || !registered.challenges) return go();
  const { authInfo } = request;
  endpoint.enter();
  const ask = async (message: JSONRPCRequest) =>
    registered.resolveScopeChallenge({ request: message, ...(authInfo && { authInfo }) });
  Promise.all(messages.map(ask))
    .then(challenges => {
      const asked = challenges.filter(challenge => challenge !== undefined).map(checkScopeChallenge);
      const [first] = asked;
      if (first === undefined) return go();
      const scopes = [...new Set(asked.flatMap(challenge => challenge.scopes))] as [string, ...string[]];
      const { status, headers, body } = scopeChallengeAnswer({ ...first, scopes }, authInfo);
      responder.sendOther(status, headers, body);
    })
    .catch(error => {
      endpoint.report(error);
      const reference = logInternal(server.logger, error, { during: 'scope challenge' });
      const text = `Internal error (reference ${reference})`;
      responder.sendJson(
        500,
        errorBody(messages.length === 1 ? messages[0]!.id : null, {
          code: INTERNAL_ERROR,
          message: text,
          data: { reference },
        }),
      );
    })
    .finally(() => endpoint.leave());
}
