/** `tools/call`: the path that everything else is measured by. */
import { SlipwayError } from '../protocol/coded-error.ts';
import { INVALID_PARAMS } from '../protocol/json-rpc.ts';
import { ProtocolError } from '../protocol/protocol-error.ts';
import { formatIssues, validate } from '../schema/validation.ts';
import type { RequestContext } from './context.ts';
import type { Operation } from './middleware.ts';
import { isThenable, type Outcome } from './outcome.ts';
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

/** Runs the handler under the tool's own deadline. */
function withDeadline(context: RequestContext, tool: CompiledTool, args: unknown, ms: number): Promise<unknown> {
  const deadline = new AbortController();
  context.limit(deadline.signal);
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      const error = new SlipwayError('SLIP_TOOL_TIMEOUT', { name: tool.name, ms });
      deadline.abort(error);
      reject(error);
    }, ms);
    Promise.resolve()
      .then(() => invoke(context, tool, args))
      .then(resolve, reject)
      .finally(() => clearTimeout(timer));
  });
}

function run(context: RequestContext, tool: CompiledTool, args: unknown): MaybePromise<Outcome> {
  const fail = (error: unknown) => context.linear?.failed(error) ?? toToolFailure(context, tool, error);
  // What can not become a result (a cycle, a schema that throws) is a fault of the tool like any other.
  const settle = (value: unknown): MaybePromise<Outcome> => {
    try {
      const result = toToolResult(context, tool, value);
      return isThenable(result) ? result.then(undefined, fail) : result;
    } catch (error) {
      return fail(error);
    }
  };
  try {
    const output =
      tool.timeout === undefined ? invoke(context, tool, args) : withDeadline(context, tool, args, tool.timeout);
    return isThenable(output) ? Promise.resolve(output).then(settle, fail) : settle(output);
  } catch (error) {
    return fail(error);
  }
}

/**
 * @param snapshotOf the snapshot that a request begins with
 * @param maxElements of the arguments; undefined means no limit
 */
export function toolCall(snapshotOf: () => Snapshot, maxElements: number | undefined): Operation {
  return (context, params) => {
    const name = params['name'] as string;
    const tool = find(snapshotOf(), context, name);
    if (tool.inputSchema === undefined) return run(context, tool, undefined);
    const args = params['arguments'] ?? {};
    if (maxElements !== undefined && countElements(args, maxElements) > maxElements) {
      return errorResult(
        `Invalid arguments for tool ${name}: arguments contain more than the maximum of ${maxElements} elements`,
      );
    }
    const refuse = (issues: Parameters<typeof formatIssues>[0]) =>
      errorResult(`Input validation error: Invalid arguments for tool ${name}: ${formatIssues(issues)}`);
    const checked = validate(tool.inputSchema, args);
    if (isThenable(checked)) {
      return checked.then(result =>
        result.issues === undefined ? run(context, tool, result.value) : refuse(result.issues),
      );
    }
    return checked.issues === undefined ? run(context, tool, checked.value) : refuse(checked.issues);
  };
}
