import type { PlantedFault } from '../kit/planted-fault.ts';
import { METADATA_FAULTS } from './metadata-faults.ts';
import { SERVER_FAULTS } from './server-faults.ts';

export const OAUTH_FAULTS: readonly PlantedFault[] = [...METADATA_FAULTS, ...SERVER_FAULTS];
