/** `prompts/get` and `completion/complete`. MCP 2026-07-28, server/prompts and server/utilities/completion. */
import { MAX_COMPLETION_VALUES } from '../protocol/completion.ts';
import { isInputRequiredResult } from '../protocol/input-required.ts';
import { INVALID_PARAMS, isPlainObject } from '../protocol/json-rpc.ts';
import { ProtocolError } from '../protocol/protocol-error.ts';
import type { Result } from '../protocol/result.ts';
import { completerOf } from '../schema/completable.ts';
import { formatIssues, validate } from '../schema/validation.ts';
import type { Params } from './call.ts';
import type { RequestContext } from './context.ts';
import { endOfHandler } from './linear-handler.ts';
import type { Operation } from './middleware.ts';
import type { RegisteredPrompt } from './prompt-registration.ts';
import { exists, isFor } from './registration.ts';
import type { Snapshot } from './snapshot.ts';

function find(snapshot: Snapshot, context: RequestContext, name: string): RegisteredPrompt {
  const prompt = snapshot.prompts.get(name);
  if (prompt === undefined || !isFor(prompt, { authInfo: context.authInfo })) {
    throw new ProtocolError(INVALID_PARAMS, `Prompt ${name} not found`);
  }
  context.component = name;
  if (!prompt.enabled) throw new ProtocolError(INVALID_PARAMS, `Prompt ${name} disabled`);
  return prompt;
}

export function promptsGet(snapshotOf: () => Snapshot): Operation {
  return async (context, params) => {
    const name = params['name'] as string;
    const prompt = find(snapshotOf(), context, name);
    let input: [unknown?] = [];
    if (prompt.argsSchema !== undefined) {
      const checked = await validate(prompt.argsSchema, params['arguments'] ?? {});
      if (checked.issues !== undefined) {
        const text = `Invalid arguments for prompt ${name}: ${formatIssues(checked.issues)}`;
        throw new ProtocolError(INVALID_PARAMS, text);
      }
      input = [checked.value];
    }
    const handler = prompt.handler as (...input: unknown[]) => unknown;
    let output: unknown;
    try {
      context.begin(handler);
      output = await handler(...input, context);
    } catch (error) {
      output = endOfHandler(context, error);
    }
    if (typeof output !== 'string') {
      if (!isInputRequiredResult(output) && !(isPlainObject(output) && Array.isArray(output['messages']))) {
        throw new TypeError(`the handler of prompt ${name} returned no messages`);
      }
      return output as Result;
    }
    return { messages: [{ role: 'user', content: { type: 'text', text: output } }] };
  };
}

type Completer = (value: string, context?: { arguments?: Record<string, string> }) => unknown;

function completerFor(snapshot: Snapshot, context: RequestContext, params: Params): Completer | undefined {
  const ref = params['ref'] as { type: string; name: string; uri: string };
  const { name } = params['argument'] as { name: string };
  if (ref.type === 'ref/prompt') {
    return completerOf(find(snapshot, context, ref.name).argsSchema, name) as Completer | undefined;
  }
  const audience = { authInfo: context.authInfo };
  const template = snapshot.templates.find(
    one => one.resourceTemplate.uriTemplate.toString() === ref.uri && exists(one, audience),
  );
  if (template !== undefined) return template.resourceTemplate.completeCallback(name) as Completer | undefined;
  const fixed = snapshot.resources.get(ref.uri);
  if (fixed !== undefined && exists(fixed, audience)) return undefined;
  throw new ProtocolError(INVALID_PARAMS, `Resource template ${ref.uri} not found`);
}

export function complete(snapshotOf: () => Snapshot): Operation {
  return async (context, params) => {
    const completer = completerFor(snapshotOf(), context, params);
    if (completer === undefined) return { completion: { values: [], hasMore: false } };
    const { value } = params['argument'] as { value: string };
    const known = params['context'] as { arguments?: Record<string, string> } | undefined;
    const all = [...((await completer(value, known)) as Iterable<unknown>)].map(String);
    const values = all.slice(0, MAX_COMPLETION_VALUES);
    return { completion: { values, total: all.length, hasMore: all.length > values.length } };
  };
}
