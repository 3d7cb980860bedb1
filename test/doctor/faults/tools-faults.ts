import type { FixtureAnswer, FixtureRequest } from '../kit/fixture-request.ts';
import { TOOLS } from '../kit/healthy-mcp.ts';
import { type PlantedFault, planted } from '../kit/planted-fault.ts';

/** The healthy tools, one of them changed. */
function changed(members: object): { tools: readonly object[] } {
  return { tools: [{ ...TOOLS[0], ...members }, ...TOOLS.slice(1)] };
}

const STRING = { type: 'string' };

type Result = Record<string, unknown>;

/** Changes the results of calls. */
function results(change: (result: Result) => Result) {
  return {
    fault: ({ message }: FixtureRequest, healthy: () => Promise<FixtureAnswer>) => {
      if (message?.method !== 'tools/call') return undefined;
      return healthy().then(answer => {
        const body = answer.body as { result?: Result };
        return body.result === undefined ? answer : { ...answer, body: { ...body, result: change(body.result) } };
      });
    },
  };
}

const write = { doctor: { write: true } };

export const TOOLS_FAULTS: readonly PlantedFault[] = [
  planted(90, 'a dot in a name', changed({ name: 'files.read' })),
  planted(90, 'a slash in a name', changed({ name: 'files/read' })),
  planted(90, 'a name of 65 characters', changed({ name: 'a'.repeat(65) })),
  planted(90, 'an empty name', changed({ name: '' })),
  // Cursor has a limit of its own, below Claude's.
  planted(91, 'a name that is too long with that of the server', changed({ name: 'a'.repeat(56) })),
  planted(91, 'a name that is too long by itself', changed({ name: 'a'.repeat(60) })),
  planted(92, 'a name twice', { tools: [...TOOLS, TOOLS[0]] }),
  planted(
    93,
    'a space in a property key',
    changed({ inputSchema: { type: 'object', properties: { 'first name': STRING } } }),
  ),
  planted(
    93,
    'a bracket in a nested property key',
    changed({
      inputSchema: {
        type: 'object',
        properties: { filter: { type: 'array', items: { type: 'object', properties: { 'price[gte]': STRING } } } },
      },
    }),
  ),
  planted(
    94,
    'anyOf at the root of an input schema',
    changed({ inputSchema: { type: 'object', anyOf: [{ required: ['a'] }] } }),
  ),
  planted(
    94,
    'a union at the root of an input schema',
    changed({ inputSchema: { type: 'object', oneOf: [{ type: 'object' }] } }),
  ),
  planted(
    95,
    'draft-07',
    changed({ inputSchema: { $schema: 'http://json-schema.org/draft-07/schema#', type: 'object', properties: {} } }),
  ),
  planted(
    95,
    'draft-04 in an output schema',
    changed({ outputSchema: { $schema: 'http://json-schema.org/draft-04/schema#', type: 'object' } }),
  ),
  planted(96, 'an output schema that is an array', changed({ outputSchema: { type: 'array', items: STRING } })),
  planted(96, 'an output schema without a type', changed({ outputSchema: { properties: { sum: STRING } } })),
  planted(
    97,
    'anyOf in the output schema of an app',
    changed({
      _meta: { ui: { resourceUri: 'ui://add/view' } },
      outputSchema: { type: 'object', properties: { sum: { anyOf: [STRING, { type: 'null' }] } } },
    }),
  ),
  planted(
    98,
    'no structured content',
    results(({ structuredContent: _, ...rest }) => rest),
    write,
  ),
  planted(
    98,
    'a server that refuses the result of its own tool',
    results(({ structuredContent, ...rest }) =>
      structuredContent === undefined
        ? rest
        : {
            isError: true,
            content: [{ type: 'text', text: 'Tool add has an output schema but did not return structured content' }],
          },
    ),
    write,
  ),
  planted(
    99,
    'an error with structured content',
    results(result => (result['isError'] === true ? { ...result, structuredContent: { sum: 0 } } : result)),
    write,
  ),
  planted(
    100,
    'a result of 160,000 characters',
    results(result =>
      result['structuredContent'] === undefined && result['isError'] === undefined
        ? { ...result, content: [{ type: 'text', text: 'x'.repeat(160_000) }] }
        : result,
    ),
    write,
  ),
];
