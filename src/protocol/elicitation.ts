/** Asking the user (MCP 2026-07-28, client/elicitation). */
import type { NotificationParams } from './json-rpc.ts';
import type { Result } from './result.ts';
import type { TaskAugmentedRequestParams } from './task.ts';

type Labelled = { title?: string; description?: string };

export type BooleanSchema = Labelled & { type: 'boolean'; default?: boolean };

export type StringSchema = Labelled & {
  type: 'string';
  minLength?: number;
  maxLength?: number;
  format?: 'email' | 'uri' | 'date' | 'date-time';
  default?: string;
};

export type NumberSchema = Labelled & {
  type: 'number' | 'integer';
  minimum?: number;
  maximum?: number;
  default?: number;
};

/** One of some strings. */
export type UntitledSingleSelectEnumSchema = Labelled & { type: 'string'; enum: string[]; default?: string };

/** One of some strings, each with a title to show. */
export type TitledSingleSelectEnumSchema = Labelled & {
  type: 'string';
  oneOf: { const: string; title: string }[];
  default?: string;
};

/** The older way to title the choices; not in JSON Schema. */
export type LegacyTitledEnumSchema = Labelled & {
  type: 'string';
  enum: string[];
  enumNames?: string[];
  default?: string;
};

/** Several of some strings. */
export type UntitledMultiSelectEnumSchema = Labelled & {
  type: 'array';
  minItems?: number;
  maxItems?: number;
  items: { type: 'string'; enum: string[] };
  default?: string[];
};

/** Several of some strings, each with a title to show. */
export type TitledMultiSelectEnumSchema = Labelled & {
  type: 'array';
  minItems?: number;
  maxItems?: number;
  items: { anyOf: { const: string; title: string }[] };
  default?: string[];
};

export type SingleSelectEnumSchema = UntitledSingleSelectEnumSchema | TitledSingleSelectEnumSchema;
export type MultiSelectEnumSchema = UntitledMultiSelectEnumSchema | TitledMultiSelectEnumSchema;
export type EnumSchema = LegacyTitledEnumSchema | SingleSelectEnumSchema | MultiSelectEnumSchema;

/** What a field of a form may be: never an object, and an array only as a choice. */
export type PrimitiveSchemaDefinition = EnumSchema | BooleanSchema | StringSchema | NumberSchema;

/** Shows the user a form. Never ask for secrets with it. */
export type ElicitRequestFormParams = TaskAugmentedRequestParams & {
  mode?: 'form';
  message: string;
  requestedSchema: {
    [key: string]: unknown;
    type: 'object';
    properties: { [key: string]: PrimitiveSchemaDefinition };
    required?: string[];
  };
};

/** Sends the user to a page in the browser. */
export type ElicitRequestURLParams = TaskAugmentedRequestParams & {
  mode: 'url';
  message: string;
  url: string;
  /** Revision 2025-11-25 requires it; 2026-07-28 does not know it. */
  elicitationId?: string;
};

export type ElicitRequestParams = ElicitRequestFormParams | ElicitRequestURLParams;
export type ElicitRequest = { method: 'elicitation/create'; params: ElicitRequestParams };

/** What the user did; `content` is there for `accept` of a form. */
export type ElicitResult = Result & {
  action: 'accept' | 'decline' | 'cancel';
  content?: { [key: string]: string | number | boolean | string[] };
};

/** Revision 2025-11-25 only: the user finished on the page that a URL elicitation led to. */
export type ElicitationCompleteNotificationParams = NotificationParams & { elicitationId: string };
export type ElicitationCompleteNotification = {
  method: 'notifications/elicitation/complete';
  params: ElicitationCompleteNotificationParams;
};
