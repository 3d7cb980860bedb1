import type { ClientCapabilities } from './capability.ts';
import type { InputRequest } from './input-required.ts';

type Members = Record<string, unknown>;

function isMembers(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * What a client must have declared before it may be asked this (MCP 2026-07-28, basic/patterns/mrtr: a server MUST NOT
 * send an input request that the client has not declared support for). Modes and options are sub-capabilities:
 * `elicitation.form`, `elicitation.url`, `sampling.tools`.
 *
 * @throws TypeError when the request is of no kind that a server may ask.
 */
export function requiredCapabilityOf(request: InputRequest): ClientCapabilities {
  const { method } = request;
  const params: Members = isMembers(request.params) ? request.params : {};
  switch (method) {
    case 'elicitation/create':
      return params['mode'] === 'url' ? { elicitation: { url: {} } } : { elicitation: { form: {} } };
    case 'sampling/createMessage':
      return params['tools'] !== undefined || params['toolChoice'] !== undefined
        ? { sampling: { tools: {} } }
        : { sampling: {} };
    case 'roots/list':
      return { roots: {} };
    default:
      throw new TypeError(
        `'${String(method)}' is no input request: ask with elicitation/create, sampling/createMessage or roots/list`,
      );
  }
}

/** `elicitation: {}` is how clients said "forms" before there were modes (MCP 2026-07-28, client/elicitation). */
function impliesForm(capability: string, declared: Members): boolean {
  return capability === 'elicitation' && declared['form'] === undefined && declared['url'] === undefined;
}

/**
 * The part of `required` that the client did not declare, in the shape that `data.requiredCapabilities` of the error
 * -32021 has; `undefined` when nothing is missing. Declaring nothing at all means that everything is missing.
 */
export function missingCapabilities(
  required: ClientCapabilities,
  declared: ClientCapabilities | undefined,
): ClientCapabilities | undefined {
  const missing: Members = {};
  for (const [capability, requirement] of Object.entries(required as Members)) {
    if (requirement === undefined) continue;
    const declaration = (declared as Members | undefined)?.[capability];
    if (declaration === undefined) {
      missing[capability] = requirement;
      continue;
    }
    if (!isMembers(requirement) || !isMembers(declaration)) continue;
    const members = Object.entries(requirement).filter(
      ([member, value]) =>
        value !== undefined &&
        declaration[member] === undefined &&
        !(member === 'form' && impliesForm(capability, declaration)),
    );
    if (members.length > 0) missing[capability] = Object.fromEntries(members);
  }
  return Object.keys(missing).length > 0 ? (missing as ClientCapabilities) : undefined;
}
