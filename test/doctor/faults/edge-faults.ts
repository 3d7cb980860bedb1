import type { PlantedFault } from '../kit/planted-fault.ts';
import { AUTHORIZATION_SERVER_FAULTS } from './authorization-server-faults.ts';
import { BROWSER_FAULTS } from './browser-faults.ts';
import { GATE_FAULTS } from './gate-faults.ts';
import { LOAD_FAULTS } from './load-faults.ts';
import { NGINX_FAULTS } from './nginx-faults.ts';
import { PLACE_FAULTS } from './place-faults.ts';
import { REDIRECT_FAULTS } from './redirect-faults.ts';
import { STREAM_FAULTS } from './stream-faults.ts';

/** Rows 6 to 31 and 86 to 89; 14 and 22 can not be seen by anybody. */
export const EDGE_FAULTS: readonly PlantedFault[] = [
  ...REDIRECT_FAULTS,
  ...PLACE_FAULTS,
  ...GATE_FAULTS,
  ...AUTHORIZATION_SERVER_FAULTS,
  ...STREAM_FAULTS,
  ...LOAD_FAULTS,
  ...BROWSER_FAULTS,
  ...NGINX_FAULTS,
];
