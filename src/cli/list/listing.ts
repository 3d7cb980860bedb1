/** What a server offers, for people. */
import type { Implementation } from '../../protocol/implementation.ts';
import { isPlainObject } from '../../protocol/json-rpc.ts';
import type { Prompt } from '../../protocol/prompt.ts';
import type { Resource, ResourceTemplateType } from '../../protocol/resource.ts';
import type { Tool } from '../../protocol/tool.ts';
import { inWords, resolved } from '../call/schema-words.ts';
import { visibleLine } from '../reach/visible-text.ts';

/** Everything that `slipway list` knows; with `--json` it is printed as it is. */
export interface Offer {
  readonly server: Implementation | undefined;
  readonly protocolVersion: string | undefined;
  readonly instructions: string | undefined;
  readonly capabilities: object | undefined;
  readonly tools: readonly Tool[];
  readonly resources: readonly Resource[];
  readonly resourceTemplates: readonly ResourceTemplateType[];
  readonly prompts: readonly Prompt[];
}

/** Cells of a row; rows of one table share their widths. */
type Row = readonly string[];

interface Entry {
  readonly name: string;
  readonly about: string;
  readonly rows: readonly Row[];
}

const MIN_WIDTH = 60;
/** A long name must not push every description to the edge. */
const MAX_CELL = 28;

function wrapped(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line];
}

/** The last cell is wrapped, the others are as wide as the widest of them. */
function table(rows: readonly Row[], indent: string, width: number): string[] {
  const columns = Math.max(0, ...rows.map(row => row.length));
  const widths = Array.from({ length: columns - 1 }, (_, at) =>
    Math.min(MAX_CELL, Math.max(0, ...rows.map(row => (row[at] ?? '').length))),
  );
  const offset = widths.reduce((sum, cell) => sum + cell + 2, indent.length);
  return rows.flatMap(row => {
    const cells = widths.map((cell, at) => (row[at] ?? '').padEnd(cell));
    const [first = '', ...more] = wrapped(row[columns - 1] ?? '', Math.max(MIN_WIDTH / 3, width - offset));
    const head = `${indent}${[...cells, first].join('  ')}`.trimEnd();
    return [head, ...more.map(line => `${' '.repeat(offset)}${line}`)];
  });
}

function argumentRows({ inputSchema }: Tool): Row[] {
  const properties = isPlainObject(inputSchema?.properties) ? inputSchema.properties : {};
  const required = Array.isArray(inputSchema?.required) ? inputSchema.required : [];
  return Object.entries(properties).map(([name, property]) => {
    const schema = resolved(property, inputSchema);
    const about = typeof schema['description'] === 'string' ? visibleLine(schema['description']) : '';
    const otherwise = schema['default'] === undefined ? 'optional' : `default ${JSON.stringify(schema['default'])}`;
    const need = required.includes(name) ? '' : `(${otherwise})`;
    return [visibleLine(name), visibleLine(inWords(property, inputSchema)), [need, about].filter(Boolean).join(' ')];
  });
}

function toolEntry(tool: Tool): Entry {
  const title = tool.title ?? tool.annotations?.title;
  return { name: tool.name, about: aboutOf(title, tool.description), rows: argumentRows(tool) };
}

function promptEntry({ name, title, description, arguments: taken = [] }: Prompt): Entry {
  const rows = taken.map(argument => {
    const about = visibleLine(argument.description ?? '');
    return [visibleLine(argument.name), [argument.required ? '' : '(optional)', about].filter(Boolean).join(' ')];
  });
  return { name, about: aboutOf(title, description), rows };
}

function aboutOf(title: string | undefined, description: string | undefined, ...more: (string | undefined)[]): string {
  return [title, description, ...more]
    .filter(part => part !== undefined && part !== '')
    .map(part => visibleLine(part!))
    .join(' - ');
}

function section(title: string, entries: readonly Entry[], width: number): string[] {
  if (entries.length === 0) return [];
  const names = entries.map(({ name }) => visibleLine(name).length);
  const column = Math.min(MAX_CELL, Math.max(...names));
  const lines = entries.flatMap(({ name, about, rows }) => [
    ...table([[visibleLine(name).padEnd(column), about]], '  ', width),
    ...table(rows, '      ', width),
  ]);
  return ['', title, ...lines];
}

/**
 * The listing as text.
 *
 * @param place where the server is
 * @param width of the terminal, in columns
 */
export function listing(offer: Offer, place: string, width: number): string {
  const { server, protocolVersion, instructions, tools, resources, resourceTemplates, prompts } = offer;
  const name = server === undefined ? 'A server without a name' : `${server.title ?? server.name} ${server.version}`;
  const columns = Math.max(MIN_WIDTH, width);
  const resourceEntry = ({ uri, ...rest }: Resource) => entryOf(uri, rest);
  const templateEntry = ({ uriTemplate, ...rest }: ResourceTemplateType) => entryOf(uriTemplate, rest);
  const sections = [
    ...section('Tools', tools.map(toolEntry), columns),
    ...section('Resources', resources.map(resourceEntry), columns),
    ...section('Resource templates', resourceTemplates.map(templateEntry), columns),
    ...section('Prompts', prompts.map(promptEntry), columns),
  ];
  return [
    `${visibleLine(name)} at ${place}, protocol ${protocolVersion}`,
    ...(instructions === undefined ? [] : wrapped(visibleLine(instructions), columns)),
    ...(sections.length === 0 ? ['', 'It offers neither tools nor resources nor prompts.'] : sections),
    '',
  ].join('\n');
}

function entryOf(name: string, about: Pick<Resource, 'name' | 'title' | 'description' | 'mimeType'>): Entry {
  return { name, about: aboutOf(about.title ?? about.name, about.description, about.mimeType), rows: [] };
}
