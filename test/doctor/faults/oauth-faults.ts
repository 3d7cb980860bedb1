import type { PlantedFault } from '../kit/planted-fault.ts';
import { AUTHORIZE_FAULTS } from './authorize-faults.ts';
import { METADATA_FAULTS } from './metadata-faults.ts';
import { METADATA_PLACE_FAULTS } from './metadata-place-faults.ts';
import { REGISTRATION_FAULTS } from './registration-faults.ts';
import { SERVER_FAULTS } from './server-faults.ts';
import { SIGN_IN_FAULTS } from './sign-in-faults.ts';
import { TOKEN_FAULTS } from './token-faults.ts';

export const OAUTH_FAULTS: readonly PlantedFault[] = [
  ...METADATA_PLACE_FAULTS,
  ...METADATA_FAULTS,
  ...SERVER_FAULTS,
  ...SIGN_IN_FAULTS,
  ...AUTHORIZE_FAULTS,
  ...REGISTRATION_FAULTS,
  ...TOKEN_FAULTS,
];
