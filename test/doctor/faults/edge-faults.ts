import { type PlantedFault, planted } from '../kit/planted-fault.ts';

export const EDGE_FAULTS: readonly PlantedFault[] = [
  planted(7, 'a redirect to the path with a slash', {
    fault: ({ url }) =>
      url.pathname === '/mcp' ? { status: 307, headers: { Location: `${url.origin}/mcp/` } } : undefined,
  }),
];
