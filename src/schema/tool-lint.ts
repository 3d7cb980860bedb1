import type { ErrorDetails, SlipwayErrorCode } from '../protocol/coded-error.ts';
import { compileParamHeaders } from '../protocol/param-header.ts';
import { walkSchema } from '../protocol/subschema.ts';
import { dialectOf, isJsonObject, type JsonSchema } from './json-schema.ts';

/** A tool as clients see it. */
export interface ToolDefinition {
  readonly name: string;
  readonly inputSchema: JsonSchema;
  readonly outputSchema?: JsonSchema | undefined;
}

/**
 * One broken rule. An error breaks the specification, or makes widely used clients drop the tool or refuse the whole
 * list; a warning is about what only some of them refuse.
 */
export interface ToolFinding {
  readonly code: SlipwayErrorCode;
  readonly severity: 'error' | 'warning';
  readonly details: ErrorDetails;
}

const NAME = /^[A-Za-z0-9_.-]{1,128}$/;
const CLAUDE_NAME = /^[a-zA-Z0-9_-]{1,64}$/;
const PROPERTY_KEY = /^[a-zA-Z0-9_.-]{1,64}$/;

function lintName(name: string): ToolFinding[] {
  const finding = (severity: ToolFinding['severity'], why: string): ToolFinding[] => [
    { code: 'SLIP_INVALID_NAME', severity, details: { kind: 'tool', name: name.slice(0, 200), why } },
  ];
  if (name === '') return finding('error', 'it is empty');
  if (name.length > 128) return finding('error', `it has ${name.length} characters`);
  if (!NAME.test(name)) return finding('error', `it contains ${JSON.stringify(/[^A-Za-z0-9_.-]/u.exec(name)?.[0])}`);
  if (CLAUDE_NAME.test(name)) return [];
  return finding(
    'warning',
    name.length > 64
      ? `it has ${name.length} characters, and Claude then drops all tools of the server`
      : 'it contains a dot, and Claude then drops all tools of the server',
  );
}

function lintInputSchema(name: string, schema: JsonSchema): ToolFinding[] {
  const findings: ToolFinding[] = [];
  const details = { kind: 'tool', name, field: 'inputSchema' };
  if (schema.type !== 'object') findings.push({ code: 'SLIP_SCHEMA_NOT_OBJECT', severity: 'error', details });
  for (const keyword of ['oneOf', 'anyOf', 'allOf'])
    if (keyword in schema)
      findings.push({ code: 'SLIP_SCHEMA_ROOT_COMBINATOR', severity: 'error', details: { ...details, keyword } });

  const keys = new Set<string>();
  const overflow = walkSchema(schema, node => {
    if (!isJsonObject(node.schema.properties)) return;
    for (const key of Object.keys(node.schema.properties)) if (!PROPERTY_KEY.test(key)) keys.add(key);
  });
  for (const key of keys)
    findings.push({
      code: 'SLIP_SCHEMA_PROPERTY_KEY',
      severity: 'error',
      details: { ...details, key: key.slice(0, 200) },
    });
  if (overflow !== undefined) {
    findings.push({ code: 'SLIP_SCHEMA_TOO_LARGE', severity: 'error', details: { ...details, why: overflow } });
    return findings;
  }
  const headers = compileParamHeaders(schema);
  if ('fault' in headers)
    findings.push({ code: 'SLIP_SCHEMA_HEADER', severity: 'error', details: { ...details, why: headers.fault } });
  return findings;
}

function lintDialect(name: string, field: string, schema: JsonSchema): ToolFinding[] {
  if (dialectOf(schema) === '2020-12') return [];
  const dialect = String(schema.$schema).slice(0, 200);
  const code = dialectOf(schema) === 'draft-07' ? 'SLIP_SCHEMA_OLD_DIALECT' : 'SLIP_SCHEMA_DIALECT';
  return [{ code, severity: 'warning', details: { kind: 'tool', name, field, dialect } }];
}

/**
 * Checks a tool's definition against the specification (MCP 2026-07-28, server/tools, Tool) and against what clients in
 * the field are known to refuse. A tool without findings works everywhere.
 *
 * @returns the findings, in the order name, inputSchema, outputSchema, dialects
 */
export function lintTool({ name, inputSchema, outputSchema }: ToolDefinition): ToolFinding[] {
  return [
    ...lintName(name),
    ...lintInputSchema(name, inputSchema),
    ...lintDialect(name, 'inputSchema', inputSchema),
    ...(outputSchema === undefined ? [] : lintDialect(name, 'outputSchema', outputSchema)),
  ];
}
