/** Asking the client's model (MCP 2026-07-28, client/sampling; deprecated by SEP-2577). */
import type { AudioContent, ImageContent, Role, TextContent, ToolResultContent, ToolUseContent } from './content.ts';
import type { JSONObject } from './json.ts';
import type { MetaObject } from './request-meta.ts';
import type { Result } from './result.ts';
import type { TaskAugmentedRequestParams } from './task.ts';
import type { Tool } from './tool.ts';

/** Part of a model's name, for example `claude`. */
export type ModelHint = { name?: string };

/** What matters for the choice of a model; priorities from 0 to 1. */
export type ModelPreferences = {
  hints?: ModelHint[];
  costPriority?: number;
  speedPriority?: number;
  intelligencePriority?: number;
};

/** Whether the model may, must or must not call tools. Default `auto`. */
export type ToolChoice = { mode?: 'auto' | 'required' | 'none' };

/** A block of a message without tools. */
export type SamplingContent = TextContent | ImageContent | AudioContent;

/** Any block of a message. */
export type SamplingMessageContentBlock = SamplingContent | ToolUseContent | ToolResultContent;

export type SamplingMessage = {
  role: Role;
  content: SamplingMessageContentBlock | SamplingMessageContentBlock[];
  _meta?: MetaObject;
};

export type CreateMessageRequestParams = TaskAugmentedRequestParams & {
  messages: SamplingMessage[];
  modelPreferences?: ModelPreferences;
  systemPrompt?: string;
  includeContext?: 'none' | 'thisServer' | 'allServers';
  temperature?: number;
  maxTokens: number;
  stopSequences?: string[];
  metadata?: JSONObject;
  /** Needs the client capability `sampling.tools`. */
  tools?: Tool[];
  toolChoice?: ToolChoice;
};

/** Parameters that offer no tools: the result then has one block of {@link SamplingContent}. */
export type CreateMessageRequestParamsBase = Omit<CreateMessageRequestParams, 'tools' | 'toolChoice'>;

/** Parameters that offer tools. */
export type CreateMessageRequestParamsWithTools = CreateMessageRequestParams & { tools: Tool[] };

export type CreateMessageRequest = { method: 'sampling/createMessage'; params: CreateMessageRequestParams };

/** What the model said. `stopReason` is `endTurn`, `stopSequence`, `maxTokens` or the provider's own word. */
export type CreateMessageResult = Result & {
  model: string;
  stopReason?: string;
  role: Role;
  content: SamplingContent;
};

/** What the model said when it had tools; `stopReason` may also be `toolUse`. */
export type CreateMessageResultWithTools = Result & {
  model: string;
  stopReason?: string;
  role: Role;
  content: SamplingMessageContentBlock | SamplingMessageContentBlock[];
};
