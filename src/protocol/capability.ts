/** What client and server declare they can do (MCP 2026-07-28, basic/versioning, Capabilities). */
import type { JSONObject } from './json.ts';

/** Client side of 2025-11-25 tasks. */
export type ClientTasksCapability = {
  [key: string]: unknown;
  list?: JSONObject;
  cancel?: JSONObject;
  requests?: {
    [key: string]: unknown;
    sampling?: { [key: string]: unknown; createMessage?: JSONObject };
    elicitation?: { [key: string]: unknown; create?: JSONObject };
  };
};

/** Server side of 2025-11-25 tasks. */
export type ServerTasksCapability = {
  [key: string]: unknown;
  list?: JSONObject;
  cancel?: JSONObject;
  requests?: {
    [key: string]: unknown;
    tools?: { [key: string]: unknown; call?: JSONObject };
  };
};

/** What a client can do. `roots` and `sampling` are deprecated by SEP-2577. */
export type ClientCapabilities = {
  experimental?: { [key: string]: JSONObject };
  sampling?: { context?: JSONObject; tools?: JSONObject };
  /** An empty object means forms only. */
  elicitation?: { form?: { applyDefaults?: boolean } & JSONObject; url?: JSONObject } & JSONObject;
  roots?: { listChanged?: boolean };
  /** 2025-11-25 only. */
  tasks?: ClientTasksCapability;
  /** Extensions by their identifier, each with its settings. */
  extensions?: { [key: string]: JSONObject };
};

/** What a server can do. `logging` is deprecated by SEP-2577. */
export type ServerCapabilities = {
  experimental?: { [key: string]: JSONObject };
  logging?: JSONObject;
  completions?: JSONObject;
  prompts?: { listChanged?: boolean };
  resources?: { subscribe?: boolean; listChanged?: boolean };
  tools?: { listChanged?: boolean };
  /** 2025-11-25 only. */
  tasks?: ServerTasksCapability;
  /** Extensions by their identifier, each with its settings. */
  extensions?: { [key: string]: JSONObject };
};
