/**
 * Results in the vocabulary of older revisions: what a revision does not know is left out or said in its words, so that
 * a handler is written once. MCP 2025-11-25, 2025-06-18 and 2025-03-26: the changelogs and schemas of each.
 */
import { isCacheableResultMethod } from './cache-hint.ts';
import { isPlainObject } from './json-rpc.ts';
import type { Result } from './result.ts';
import { isModernRevision } from './revision.ts';

type Members = Record<string, unknown>;

const drop = (value: Members, ...names: readonly string[]): Members => {
  if (!names.some(name => name in value)) return value;
  return Object.fromEntries(Object.entries(value).filter(([name]) => !names.includes(name)));
};

/** The revisions whose additions each older one lacks. */
const knowsIcons = (revision: string) => revision >= '2025-11-25';
const knowsTitles = (revision: string) => revision >= '2025-06-18';

/** Name and what goes with it, as tools, prompts, resources and implementations have it. */
function projectEntry(entry: Members, revision: string): Members {
  if (knowsIcons(revision)) return entry;
  if (knowsTitles(revision)) return drop(entry, 'icons', 'execution', 'websiteUrl');
  return drop(entry, 'icons', 'execution', 'websiteUrl', 'title', '_meta', 'outputSchema');
}

/** Before 2026-07-28 structured content is an object: anything else is wrapped, and its schema with it. */
export function wrapsOutput(schema: unknown): schema is Members {
  return isPlainObject(schema) && schema['type'] !== 'object';
}

export function wrapOutputSchema(schema: Members): Members {
  const { $schema, $defs, definitions, ...inner } = schema;
  return {
    ...($schema !== undefined && { $schema }),
    type: 'object',
    properties: { result: inner },
    required: ['result'],
    ...($defs !== undefined && { $defs }),
    ...(definitions !== undefined && { definitions }),
  };
}

function projectTool(tool: unknown, revision: string): unknown {
  if (!isPlainObject(tool)) return tool;
  const projected = projectEntry(tool, revision);
  const schema = projected['outputSchema'];
  return wrapsOutput(schema) ? { ...projected, outputSchema: wrapOutputSchema(schema) } : projected;
}

function projectBlock(block: unknown, revision: string): unknown {
  if (!isPlainObject(block)) return block;
  if (block['type'] !== 'resource_link') return knowsTitles(revision) ? block : drop(block, '_meta');
  if (knowsTitles(revision)) return projectEntry(block, revision);
  // 2025-03-26 has no links: the text says where to read.
  return { type: 'text', text: `${block['name']}: ${block['uri']}` };
}

const projectList = (value: unknown, project: (item: unknown) => unknown): unknown =>
  Array.isArray(value) ? value.map(project) : value;

function projectCall(result: Members, revision: string): Members {
  if (!knowsTitles(revision)) {
    const { structuredContent: structured, content, ...plain } = result;
    // Without it nothing would be left of a result that has no content beside it.
    if (structured !== undefined && Array.isArray(content) && content.length === 0) {
      return { ...plain, content: [{ type: 'text', text: JSON.stringify(structured) }] };
    }
    return { ...plain, content: projectList(content, block => projectBlock(block, revision)) };
  }
  const structured = result['structuredContent'];
  const wrapped =
    structured === undefined || isPlainObject(structured)
      ? result
      : { ...result, structuredContent: { result: structured } };
  if (knowsIcons(revision)) return wrapped;
  return { ...wrapped, content: projectList(wrapped['content'], block => projectBlock(block, revision)) };
}

function projectMembers(method: string, result: Members, revision: string): Members {
  const entries = (member: string) =>
    Array.isArray(result[member])
      ? {
          ...result,
          [member]: projectList(result[member], item => (isPlainObject(item) ? projectEntry(item, revision) : item)),
        }
      : result;
  switch (method) {
    case 'tools/call':
      return projectCall(result, revision);
    case 'tools/list':
      return { ...result, tools: projectList(result['tools'], tool => projectTool(tool, revision)) };
    case 'prompts/list':
      return entries('prompts');
    case 'resources/list':
      return entries('resources');
    case 'resources/templates/list':
      return entries('resourceTemplates');
    case 'prompts/get':
      return {
        ...result,
        messages: projectList(result['messages'], message =>
          isPlainObject(message) ? { ...message, content: projectBlock(message['content'], revision) } : message,
        ),
      };
    case 'initialize': {
      const info = result['serverInfo'];
      if (!isPlainObject(info) || knowsIcons(revision)) return result;
      return { ...result, serverInfo: drop(projectEntry(info, revision), 'description') };
    }
    default:
      return result;
  }
}

/**
 * One result in the words of one revision. Modern results come back as they are.
 *
 * @param method the method that it answers
 * @param result the result as the operation made it, in modern vocabulary
 * @param revision of the request
 */
export function projectResult(method: string, result: Result, revision: string): Result {
  if (isModernRevision(revision)) return result;
  // These members are the modern era's.
  const modern = isCacheableResultMethod(method) ? ['resultType', 'ttlMs', 'cacheScope'] : ['resultType'];
  const plain = drop(result as Members, ...modern);
  return projectMembers(method, plain, revision) as Result;
}
