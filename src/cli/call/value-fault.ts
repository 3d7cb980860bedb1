/** Whether a value is one that a field of a form takes. */
import type { PrimitiveSchemaDefinition } from '../../protocol/elicitation.ts';
import { validatorOf } from '../../schema/validator-cache.ts';

const DATE = /^\d{4}-\d{2}-\d{2}$/;
const DATE_TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?(?:Z|[+-]\d{2}:\d{2})$/i;

/** The formats of MCP (2026-07-28, client/elicitation): what each takes, and whether a text is one. */
const FORMATS: Readonly<Record<string, readonly [takes: string, test: (text: string) => boolean]>> = {
  email: ['an e-mail address', text => /^[^\s@]+@[^\s@]+$/.test(text)],
  uri: ['a URL', text => URL.canParse(text)],
  date: ['a date such as 2026-07-28', text => DATE.test(text) && !Number.isNaN(Date.parse(text))],
  'date-time': ['a time such as 2026-07-28T09:30:00Z', text => DATE_TIME.test(text) && !Number.isNaN(Date.parse(text))],
};

/** What is wrong with a value; undefined when nothing is. */
export function valueFault(value: unknown, schema: PrimitiveSchemaDefinition): string | undefined {
  const format = 'format' in schema ? FORMATS[String(schema.format)] : undefined;
  if (format !== undefined && typeof value === 'string' && !format[1](value)) return `it takes ${format[0]}`;
  try {
    return validatorOf(schema as Record<string, unknown>)(value)?.replace(/^data\b/, 'it');
  } catch {
    // A schema that can not be compiled here is for the server to check.
    return undefined;
  }
}
