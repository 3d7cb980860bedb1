import { type PlantedFault, planted } from '../kit/planted-fault.ts';
import { THROW_AWAY } from '../kit/throw-away-ca.ts';

const HOSTS = ['mcp.example.com'];
const base = { public: {} };

export const TLS_FAULTS: readonly PlantedFault[] = [
  planted(
    5,
    'no intermediate certificate',
    { public: { identity: THROW_AWAY.identity(HOSTS, { withoutIntermediate: true }) } },
    { base },
  ),
];
