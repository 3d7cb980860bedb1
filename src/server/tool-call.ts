/** `tools/call`: the path that everything else is measured by. */
import { SlipwayError } from '../protocol/coded-error.ts';
import { INVALID_PARAMS } from '../protocol/json-rpc.ts';
import { ProtocolError } from '../protocol/protocol-error.ts';
import { formatIssues, validate } from '../schema/validation.ts';
import type { Params } from './call.ts';
import type { RequestContext } from './context.ts';
import { noteUnknown } from './idempotent-call.ts';
import type { Operation } from './middleware.ts';
import { isThenable, type Outcome } from './outcome.ts';
import { clampDelay } from './pending-requests.ts';
import { isFor } from './registration.ts';
import type { Snapshot } from './snapshot.ts';
import type { CompiledTool } from './tool-registration.ts';
import { errorResult, toToolFailure, toToolResult } from './tool-result.ts';

type MaybePromise<T> = T | Promise<T>;

/** Array elements and object members in a value, counted until there are more than `limit`. */
function countElements(value: unknown, limit: number): number {
  let count = 0;
  const open: unknown[] = [value];
  while (open.length > 0 && count <= limit) {
    const next = open.pop();
    if (typeof next !== 'object' || next === null) continue;
    const inner = Object.values(next);
    count += inner.length;
    if (count <= limit) for (const one of inner) open.push(one);
  }
  return count;
}

/** The tool that a call names, as far as the caller may know of it. */
function find(snapshot: Snapshot, context: RequestContext, name: string): CompiledTool {
  const tool = snapshot.tools.get(name);
  if (tool === undefined || (tool.audience !== undefined && !isFor(tool, { authInfo: context.authInfo }))) {
    throw new ProtocolError(INVALID_PARAMS, `Tool ${name} not found`);
  }
  context.component = name;
  if (!tool.enabled) throw new ProtocolError(INVALID_PARAMS, `Tool ${name} disabled`);
  return tool;
}

function invoke(context: RequestContext, tool: CompiledTool, args: unknown): unknown {
  const handler = tool.handler as (...input: unknown[]) => unknown;
  context.begin(handler);
  return tool.inputSchema === undefined ? handler(context) : handler(args, context);
}

/** What the tool makes of its arguments: the handler's output, or what is wrong with them. */
function produce(
  context: RequestContext,
  tool: CompiledTool,
  params: Params,
  maxElements: number | undefined,
): unknown {
  const { name, inputSchema } = tool;
  if (inputSchema === undefined) return invoke(context, tool, undefined);
  const args = params['arguments'] ?? {};
  if (maxElements !== undefined && countElements(args, maxElements) > maxElements) {
    return errorResult(
      `Invalid arguments for tool ${name}: arguments contain more than the maximum of ${maxElements} elements`,
    );
  }
  const proceed = (result: Awaited<ReturnType<typeof validate>>): unknown =>
    result.issues === undefined
      ? invoke(context, tool, result.value)
      : errorResult(`Input validation error: Invalid arguments for tool ${name}: ${formatIssues(result.issues)}`);
  const checked = validate(inputSchema, args);
  return isThenable(checked) ? checked.then(proceed) : proceed(checked);
}

/** Rejects when the tool is not done by its deadline. */
function withDeadline(context: RequestContext, tool: CompiledTool, ms: number, work: () => unknown): Promise<unknown> {
  const deadline = new AbortController();
  context.limit(deadline.signal);
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      const error = new SlipwayError('SLIP_TOOL_TIMEOUT', { name: tool.name, ms });
      deadline.abort(error);
      reject(error);
    }, clampDelay(ms));
    Promise.resolve()
      .then(work)
      .then(resolve, reject)
      .finally(() => clearTimeout(timer));
  });
}

/**
 * @param snapshotOf the snapshot that a request begins with
 * @param maxElements of the arguments; undefined means no limit
 */
export function toolCall(snapshotOf: () => Snapshot, maxElements: number | undefined): Operation {
  return (context, params) => {
    const tool = find(snapshotOf(), context, params['name'] as string);
    const fail = (error: unknown): Outcome => {
      const ended = context.linear?.failed(error);
      if (ended !== undefined) return ended;
      const result = toToolFailure(context, tool, error);
      if (isTimeout(error)) noteUnknown(result);
      return result;
    };
    // What can not become a result (a cycle, a schema that throws) is a fault of the tool like any other.
    const settle = (value: unknown): MaybePromise<Outcome> => {
      try {
        const result = toToolResult(context, tool, value);
        return isThenable(result) ? result.then(undefined, fail) : result;
      } catch (error) {
        return fail(error);
      }
    };
    const ms = tool.timeout ?? context.server.toolLimits.timeoutMs;
    const work = () => produce(context, tool, params, maxElements);
    try {
      const output = ms === undefined ? work() : withDeadline(context, tool, ms, work);
      return isThenable(output) ? Promise.resolve(output).then(settle, fail) : settle(output);
    } catch (error) {
      return fail(error);
    }
  };
}

function isTimeout(error: unknown): boolean {
  return error instanceof SlipwayError && error.code === 'SLIP_TOOL_TIMEOUT';
}
