/**
 * Tool arguments that are mirrored into `Mcp-Param-{Name}` headers by the schema keyword `x-mcp-header`
 * (MCP 2026-07-28, basic/transports/streamable-http, Custom Headers from Tool Parameters; server/tools, x-mcp-header).
 */
import { decodeHeaderValue, encodeHeaderValue } from './header-value.ts';
import { walkSchema } from './subschema.ts';

const KEYWORD = 'x-mcp-header';
const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
const MIRRORED_TYPES: ReadonlySet<unknown> = new Set(['string', 'integer', 'boolean']);
/** "42.0" and "42" are the same integer; "42.5", "0x2a" and "4e1" are none. */
const INTEGER = /^-?\d+(?:\.0+)?$/;
const SHOWN_CHARACTERS = 80;

/** One argument that a header mirrors. */
export interface ParamHeaderRule {
  /** The header as declared, for messages: "Mcp-Param-Region". */
  readonly header: string;
  /** The name to look it up with: "mcp-param-region". */
  readonly headerKey: string;
  /** The property names that lead to the value from the arguments' root. */
  readonly path: readonly string[];
  readonly type: 'string' | 'integer' | 'boolean';
}

/**
 * Reads the `x-mcp-header` declarations of a tool's input schema, once, at registration.
 *
 * @returns the rules (mostly none), or the first fault: a client must drop a tool that has one
 */
export function compileParamHeaders(inputSchema: unknown): { rules: ParamHeaderRule[] } | { fault: string } {
  const rules: ParamHeaderRule[] = [];
  const seen = new Map<string, string>();
  let fault: string | undefined;

  const overflow = walkSchema(inputSchema, ({ schema, pointer, propertyPath }) => {
    if (fault !== undefined || !Object.hasOwn(schema, KEYWORD)) return;
    const name = schema[KEYWORD];
    const type = schema.type;
    const place =
      propertyPath === undefined || propertyPath.length === 0 ? `/${pointer.join('/')}` : propertyPath.join('.');
    if (propertyPath === undefined || propertyPath.length === 0) {
      fault = `it stands at ${place}, where not only properties lead to`;
    } else if (typeof name !== 'string' || name === '') {
      fault = `at ${place} it is not a non-empty string`;
    } else if (!TOKEN.test(name)) {
      fault = `at ${place} it is ${show(name)}, which is not an RFC 9110 token`;
    } else if (!MIRRORED_TYPES.has(type)) {
      fault = `${place} has the type ${show(type ?? 'undeclared')}, which is not string, integer or boolean`;
    } else if (seen.has(name.toLowerCase())) {
      fault = `${place} and ${seen.get(name.toLowerCase())} both use the name ${name}`;
    } else {
      seen.set(name.toLowerCase(), place);
      const header = `Mcp-Param-${name}`;
      rules.push({
        header,
        headerKey: header.toLowerCase(),
        path: propertyPath,
        type: type as ParamHeaderRule['type'],
      });
    }
  });
  fault ??= overflow;
  return fault === undefined ? { rules } : { fault };
}

function valueAt(args: unknown, path: readonly string[]): unknown {
  let value = args;
  for (const name of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined;
    value = (value as Record<string, unknown>)[name];
  }
  return value;
}

function show(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > SHOWN_CHARACTERS ? `${text.slice(0, SHOWN_CHARACTERS)}...` : text;
}

/**
 * Compares the `Mcp-Param-*` headers of a tools/call with its arguments.
 *
 * A value that is null or absent needs no header, and a well-formed header without a value to compare with is ignored. An
 * argument that is an object or an array is left to the validation of the arguments.
 *
 * @param rules - the tool's rules, from {@link compileParamHeaders}
 * @param args - the `arguments` of the call, as sent (before defaults)
 * @param headerOf - the raw field value of a header by its lower-case name
 * @returns undefined when all is well, else the message of the error -32020 that the request gets with status 400
 */
export function checkParamHeaders(
  rules: readonly ParamHeaderRule[],
  args: unknown,
  headerOf: (lowerCaseName: string) => string | undefined,
): string | undefined {
  for (const rule of rules) {
    const raw = headerOf(rule.headerKey);
    const sent = raw === undefined ? undefined : decodeHeaderValue(raw);
    if (raw !== undefined && sent === undefined)
      return `Header mismatch: ${rule.header} has invalid characters or invalid Base64`;
    const value = valueAt(args, rule.path);
    if (value === undefined || value === null || typeof value === 'object') continue;
    const argument = rule.path.join('.');
    if (sent === undefined)
      return `Header mismatch: ${rule.header} is missing, but the argument ${argument} is present`;
    // Beyond the safe range two different integers are the same number: nothing can be compared.
    if (rule.type === 'integer' && Number.isInteger(value) && !Number.isSafeInteger(value))
      return `Header mismatch: the argument ${argument} is outside the safe range of integers, so ${rule.header} can not match it`;
    const equal =
      rule.type === 'integer' && typeof value === 'number' && INTEGER.test(sent)
        ? Number(sent) === value
        : sent === String(value);
    if (!equal)
      return `Header mismatch: ${rule.header} is ${show(sent)}, but the argument ${argument} is ${show(value)}`;
  }
  return undefined;
}

/**
 * The `Mcp-Param-*` headers of a tools/call, as a client sends them: one for each value that is there and not null.
 *
 * @param rules - the tool's rules, from {@link compileParamHeaders}
 * @param args - the `arguments` of the call
 */
export function paramHeaders(rules: readonly ParamHeaderRule[], args: unknown): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const { header, path } of rules) {
    const value = valueAt(args, path);
    if (value === undefined || value === null || typeof value === 'object') continue;
    headers[header] = encodeHeaderValue(String(value));
  }
  return headers;
}
