/** Prompts (MCP 2026-07-28, server/prompts). */
import type { ContentBlock, Role } from './content.ts';
import type { BaseMetadata, Icons } from './implementation.ts';
import type { InputResponseRequestParams } from './input-required.ts';
import type { RequestParams } from './json-rpc.ts';
import type { MetaObject } from './request-meta.ts';
import type { PaginatedRequest, PaginatedResult, Result } from './result.ts';

/** An argument that a prompt takes; its value is always a string. */
export type PromptArgument = BaseMetadata & { description?: string; required?: boolean };

/** A prompt as `prompts/list` shows it. */
export type Prompt = BaseMetadata &
  Icons & {
    description?: string;
    arguments?: PromptArgument[];
    _meta?: MetaObject;
  };

/** One message of a prompt. */
export type PromptMessage = { role: Role; content: ContentBlock };

export type ListPromptsRequest = PaginatedRequest & { method: 'prompts/list' };
export type ListPromptsResult = PaginatedResult & { prompts: Prompt[] };

export type GetPromptRequestParams = RequestParams &
  InputResponseRequestParams & { name: string; arguments?: { [key: string]: string } };
export type GetPromptRequest = { method: 'prompts/get'; params: GetPromptRequestParams };

/** A prompt with its arguments filled in. */
export type GetPromptResult = Result & { description?: string; messages: PromptMessage[] };
