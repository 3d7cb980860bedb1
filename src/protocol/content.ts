/** Content blocks: what tools, prompts and sampling messages are made of (MCP 2026-07-28, server/tools, Tool Result). */
import { isPlainObject } from './json-rpc.ts';
import type { MetaObject } from './request-meta.ts';
import type { Resource } from './resource.ts';

/** Who speaks in a conversation. */
export type Role = 'user' | 'assistant';

/** Hints about who content is for and how much it matters. */
export type Annotations = {
  audience?: Role[];
  /** 0 (optional) to 1 (required). */
  priority?: number;
  /** ISO 8601 date and time. */
  lastModified?: string;
};

export type TextContent = { type: 'text'; text: string; annotations?: Annotations; _meta?: MetaObject };

/** An image; `data` is base64. */
export type ImageContent = {
  type: 'image';
  data: string;
  mimeType: string;
  annotations?: Annotations;
  _meta?: MetaObject;
};

/** A sound; `data` is base64. */
export type AudioContent = {
  type: 'audio';
  data: string;
  mimeType: string;
  annotations?: Annotations;
  _meta?: MetaObject;
};

/** What text and binary contents of a resource share. */
export type ResourceContents = { uri: string; mimeType?: string; _meta?: MetaObject };

export type TextResourceContents = ResourceContents & { text: string };

/** Binary contents; `blob` is base64. */
export type BlobResourceContents = ResourceContents & { blob: string };

/** A resource with its contents inside the message. */
export type EmbeddedResource = {
  type: 'resource';
  resource: TextResourceContents | BlobResourceContents;
  annotations?: Annotations;
  _meta?: MetaObject;
};

/** A resource by reference: the client reads it if it wants. */
export type ResourceLink = Resource & { type: 'resource_link' };

/** Any block of a tool result or prompt message. */
export type ContentBlock = TextContent | ImageContent | AudioContent | ResourceLink | EmbeddedResource;

/** A model's wish to call a tool, inside a sampling message. */
export type ToolUseContent = {
  type: 'tool_use';
  id: string;
  name: string;
  input: { [key: string]: unknown };
  _meta?: MetaObject;
};

/** The answer to a `tool_use` block, inside a sampling message. */
export type ToolResultContent = {
  type: 'tool_result';
  toolUseId: string;
  content: ContentBlock[];
  structuredContent?: unknown;
  isError?: boolean;
  _meta?: MetaObject;
};

/** Whether `value` has the members that its `type` requires of a content block. */
export function isContentBlock(value: unknown): value is ContentBlock {
  if (!isPlainObject(value)) return false;
  switch (value['type']) {
    case 'text':
      return typeof value['text'] === 'string';
    case 'image':
    case 'audio':
      return typeof value['data'] === 'string' && typeof value['mimeType'] === 'string';
    case 'resource_link':
      return typeof value['uri'] === 'string' && typeof value['name'] === 'string';
    case 'resource':
      return isResourceContents(value['resource']);
    default:
      return false;
  }
}

/** Whether `value` is the text or binary contents of a resource. */
export function isResourceContents(value: unknown): value is TextResourceContents | BlobResourceContents {
  return (
    isPlainObject(value) &&
    typeof value['uri'] === 'string' &&
    (typeof value['text'] === 'string' || typeof value['blob'] === 'string')
  );
}
