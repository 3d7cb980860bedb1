/** From what a tool's handler returned or threw to the result of `tools/call`. MCP 2026-07-28, server/tools. */
import { SlipwayError } from '../protocol/coded-error.ts';
import { isInputRequiredResult } from '../protocol/input-required.ts';
import { isPlainObject } from '../protocol/json-rpc.ts';
import {
  MissingRequiredClientCapabilityError,
  ProtocolError,
  UrlElicitationRequiredError,
} from '../protocol/protocol-error.ts';
import type { Result } from '../protocol/result.ts';
import { SdkError } from '../protocol/sdk-error.ts';
import { formatIssues, validate } from '../schema/validation.ts';
import type { RequestContext } from './context.ts';
import { logInternal } from './fault.ts';
import { isThenable } from './outcome.ts';
import { ToolError } from './tool-error.ts';
import type { CompiledTool } from './tool-registration.ts';

type Members = Record<string, unknown>;

const RESULT_MEMBERS = new Set(['content', 'structuredContent', 'isError', '_meta', 'resultType']);

export function errorResult(text: string): Result {
  return { content: [{ type: 'text', text }], isError: true };
}

/** Whether an object is meant as a tool result rather than as data. */
function isToolResult(value: Members): boolean {
  const { content } = value;
  if (content !== undefined && !Array.isArray(content)) return false;
  if (Array.isArray(content)) return true;
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) return false;
  return Object.keys(value).every(key => RESULT_MEMBERS.has(key));
}

/** Plain data as a tool result. */
function toMembers(output: unknown, promised: boolean): Members {
  if (output === undefined || output === null) return { content: [] };
  // An empty object is a result without content, unless data were promised.
  if (isPlainObject(output) && isToolResult(output) && !(promised && Object.keys(output).length === 0)) return output;
  if (typeof output === 'object') return { structuredContent: output };
  if (typeof output === 'function' || typeof output === 'symbol') {
    throw new TypeError(`a tool can not answer with a ${typeof output}`);
  }
  return { content: [{ type: 'text', text: String(output) }] };
}

function hasText(content: unknown): boolean {
  return Array.isArray(content) && content.some(block => isPlainObject(block) && block['type'] === 'text');
}

/** The result of a handler that returned. */
export function toToolResult(context: RequestContext, tool: CompiledTool, output: unknown): Result | Promise<Result> {
  if (isInputRequiredResult(output)) return output;
  if (output instanceof Error) return toToolFailure(context, tool, output);
  const members = toMembers(output, tool.outputSchema !== undefined);
  if (members['isError'] === true) {
    // An error has no structured content: clients that validate it would hide the error (MCP server/tools).
    const { structuredContent: _, ...rest } = members;
    return rest['content'] === undefined ? { ...rest, content: [] } : rest;
  }
  if (tool.outputSchema === undefined) {
    if (members['structuredContent'] !== undefined) return finish(context, tool, members);
    return members['content'] === undefined ? { ...members, content: [] } : members;
  }
  if (members['structuredContent'] === undefined) {
    return invalidOutput(context, tool, 'it has an outputSchema, and the result has no structuredContent');
  }
  const checked = validate(tool.outputSchema, members['structuredContent']);
  const settle = (validation: Awaited<typeof checked>) =>
    validation.issues === undefined
      ? finish(context, tool, members)
      : invalidOutput(context, tool, `structuredContent: ${formatIssues(validation.issues)}`);
  return isThenable(checked) ? checked.then(settle) : settle(checked);
}

/**
 * Mirrors structured content as text, and wraps it where the revision knows only objects. Content that the author gave
 * beside an object is the whole content, even if empty; anything but an object always has a text, as older clients
 * would see nothing otherwise.
 */
function finish(context: RequestContext, tool: CompiledTool, members: Members): Result {
  const { content, structuredContent: structured } = members;
  const complete = content !== undefined && (isPlainObject(structured) || hasText(content));
  const text = { type: 'text', text: '' };
  if (!complete) text.text = JSON.stringify(structured) ?? 'null';
  const mirrored = complete ? members : { ...members, content: [...((content as unknown[]) ?? []), text] };
  const wraps = tool.outputWraps && context.call.envelope === undefined;
  return wraps ? { ...mirrored, structuredContent: { result: structured } } : mirrored;
}

/** The tool broke its own promise: a fault of the server, explained in its log. */
function invalidOutput(context: RequestContext, tool: CompiledTool, why: string): Result {
  const reference = logInternal(context.logger, new Error(why), { tool: tool.name });
  return errorResult(`The tool ${tool.name} returned an invalid result (reference ${reference})`);
}

/** The result of a handler that threw; what is meant for the protocol is thrown on. */
export function toToolFailure(context: RequestContext, tool: CompiledTool, error: unknown): Result {
  if (error instanceof ToolError) return errorResult(error.message);
  if (error instanceof UrlElicitationRequiredError) {
    if (context.call.envelope === undefined) throw error;
    const text = 'UrlElicitationRequiredError has no meaning in this revision: return inputRequired.elicitUrl(...)';
    throw new TypeError(text, { cause: error });
  }
  if (error instanceof MissingRequiredClientCapabilityError && context.call.envelope !== undefined) throw error;
  // Written for the client by the author, or by us about the client's own doing.
  if (error instanceof ProtocolError || error instanceof SdkError) return errorResult(error.message);
  if (error instanceof SlipwayError && error.code === 'SLIP_TOOL_TIMEOUT') return errorResult(error.message);
  const reference = logInternal(context.logger, error, { method: 'tools/call', tool: tool.name });
  return errorResult(`Internal error in the tool ${tool.name} (reference ${reference})`);
}
