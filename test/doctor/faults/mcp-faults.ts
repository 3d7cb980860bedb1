import { type PlantedFault, planted } from '../kit/planted-fault.ts';

export const MCP_FAULTS: readonly PlantedFault[] = [
  planted(32, 'both media types have to be named', {
    fault: ({ method, headers }) =>
      method === 'POST' && !/json.*event-stream/.test(headers.accept ?? '')
        ? { status: 406, body: { jsonrpc: '2.0', id: null, error: { code: -32000, message: 'Not Acceptable' } } }
        : undefined,
  }),
];
