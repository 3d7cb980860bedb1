import { TOOLS } from '../kit/healthy-mcp.ts';
import { type PlantedFault, planted } from '../kit/planted-fault.ts';

/** The healthy tools, one of them changed. */
function changed(members: object): { tools: readonly object[] } {
  return { tools: [{ ...TOOLS[0], ...members }, ...TOOLS.slice(1)] };
}

const STRING = { type: 'string' };

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
];
