import { isPlainObject } from '../protocol/json-rpc.ts';
import { isFormFormat, spellsOutFormat } from './format-pattern.ts';

/**
 * The JSON Schema that a form elicitation can carry: one flat object of strings, numbers, booleans and choices (MCP
 * 2026-07-28, client/elicitation, requested schema). What a form can not show, it can not enforce, so every keyword
 * outside of this grammar is reported; those that only describe are dropped.
 */
type Accepts = (value: unknown) => boolean;
type Shape = Readonly<Record<string, Accepts>>;
type Node = Record<string, unknown>;

const string: Accepts = value => typeof value === 'string';
const number: Accepts = value => typeof value === 'number' && Number.isFinite(value);
const boolean: Accepts = value => typeof value === 'boolean';
const strings: Accepts = value => Array.isArray(value) && value.every(string);
const options: Accepts = value =>
  Array.isArray(value) &&
  value.every(option => isPlainObject(option) && string(option['const']) && string(option['title']));

const BASE: Shape = { type: string, title: string, description: string };
const TEXT: Shape = { ...BASE, minLength: number, maxLength: number, format: isFormFormat, default: string };
const NUMBER: Shape = { ...BASE, minimum: number, maximum: number, default: number };
const BOOLEAN: Shape = { ...BASE, default: boolean };
const CHOICE: Shape = { ...BASE, enum: strings, enumNames: strings, default: string };
const TITLED_CHOICE: Shape = { ...BASE, oneOf: options, default: string };
const CHOICES: Shape = { ...BASE, minItems: number, maxItems: number, items: isPlainObject, default: strings };
const ITEMS: Shape = { type: value => value === 'string', enum: strings };
const TITLED_ITEMS: Shape = { anyOf: options };
const OPTION: Shape = { const: string, title: string };

const DESCRIBING = new Set(['$comment', 'deprecated', 'description', 'examples', 'readOnly', 'title', 'writeOnly']);

function onlyDescribes(keyword: string): boolean {
  return DESCRIBING.has(keyword) || keyword.startsWith('x-');
}

function shapeOf(node: Node): Shape | undefined {
  switch (node['type']) {
    case 'string':
      if ('enum' in node) return CHOICE;
      return 'oneOf' in node ? TITLED_CHOICE : TEXT;
    case 'number':
    case 'integer':
      return NUMBER;
    case 'boolean':
      return BOOLEAN;
    case 'array':
      return 'items' in node ? CHOICES : undefined;
    default:
      return undefined;
  }
}

/** The members of `node` that `shape` has; everything else that is more than a description becomes a fault. */
function fit(node: Node, shape: Shape, path: string, faults: string[]): Node {
  const fitted: Node = {};
  for (const [keyword, value] of Object.entries(node)) {
    const accepts = Object.hasOwn(shape, keyword) ? shape[keyword] : undefined;
    if (accepts?.(value)) fitted[keyword] = value;
    else if (accepts !== undefined || !onlyDescribes(keyword)) faults.push(`${path}.${keyword}`);
  }
  return fitted;
}

function fitOptions(value: unknown, path: string, faults: string[]): Node[] {
  return (value as Node[]).map((option, index) => {
    const { type, ...rest } = option;
    if (type !== undefined && type !== 'string') faults.push(`${path}[${index}].type`); // a `const` says it already
    return fit(rest, OPTION, `${path}[${index}]`, faults);
  });
}

function fitProperty(node: unknown, path: string, faults: string[]): Node {
  const shape = isPlainObject(node) ? shapeOf(node) : undefined;
  if (shape === undefined || !isPlainObject(node)) {
    faults.push(path);
    return {};
  }
  const { pattern, ...rest } = node;
  const spelledOut = shape === TEXT && isFormFormat(node['format']) && spellsOutFormat(node['format'], pattern);
  if (pattern !== undefined && !spelledOut) faults.push(`${path}.pattern`);
  const fitted = fit(rest, shape, path, faults);
  if (Array.isArray(fitted['oneOf'])) fitted['oneOf'] = fitOptions(fitted['oneOf'], `${path}.oneOf`, faults);
  if (isPlainObject(fitted['items'])) fitted['items'] = fitItems(fitted['items'], `${path}.items`, faults);
  return fitted;
}

function fitItems(items: Node, path: string, faults: string[]): Node {
  if ('anyOf' in items) {
    const fitted = fit(items, TITLED_ITEMS, path, faults);
    if (Array.isArray(fitted['anyOf'])) fitted['anyOf'] = fitOptions(fitted['anyOf'], `${path}.anyOf`, faults);
    return fitted;
  }
  if (!('enum' in items) || items['type'] !== 'string') faults.push(path);
  return fit(items, ITEMS, path, faults);
}

function fitProperties(value: Node, faults: string[]): Node {
  const entries = Object.entries(value).map(([name, node]) => [name, fitProperty(node, `properties.${name}`, faults)]);
  return Object.fromEntries(entries);
}

const ROOT: Shape = {
  $schema: string,
  type: value => value === 'object',
  properties: isPlainObject,
  required: strings,
};

/**
 * Brings a JSON Schema into the shape of a form.
 *
 * @returns the form's schema, and the paths of everything that a form can not express (none: it may be sent).
 */
export function fitToForm(schema: Node): { readonly form: Node; readonly faults: readonly string[] } {
  const faults: string[] = [];
  const fitted = fit(schema, ROOT, '', faults);
  const properties = isPlainObject(fitted['properties']) ? fitProperties(fitted['properties'], faults) : undefined;
  if (fitted['type'] === undefined) faults.push('type');
  if (properties === undefined) faults.push('properties');
  const required = (fitted['required'] ?? []) as string[];
  for (const name of required) {
    if (!Object.hasOwn(properties ?? {}, name)) faults.push(`required.${name}`);
  }
  return { form: { ...fitted, properties }, faults: faults.map(fault => fault.replace(/^\./, '')) };
}
