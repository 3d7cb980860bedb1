import type { PlantedFault } from '../kit/planted-fault.ts';
import { AUTHORIZATION_SERVER_FAULTS } from './authorization-server-faults.ts';
import { BOT_FAULTS } from './bot-faults.ts';
import { BROWSER_FAULTS } from './browser-faults.ts';
import { FRAMING_FAULTS } from './framing-faults.ts';
import { FRONT_SIGN_IN_FAULTS } from './front-sign-in-faults.ts';
import { GUARD_FAULTS } from './guard-faults.ts';
import { LOAD_FAULTS } from './load-faults.ts';
import { NGINX_FAULTS } from './nginx-faults.ts';
import { PLACE_FAULTS } from './place-faults.ts';
import { REDIRECT_FAULTS } from './redirect-faults.ts';
import { STREAM_FAULTS } from './stream-faults.ts';

/** Rows 6 to 31 and 86 to 89; 14 and 22 can not be seen by anybody. */
export const EDGE_FAULTS: readonly PlantedFault[] = [
  ...REDIRECT_FAULTS,
  ...PLACE_FAULTS,
  ...BOT_FAULTS,
  ...FRONT_SIGN_IN_FAULTS,
  ...GUARD_FAULTS,
  ...AUTHORIZATION_SERVER_FAULTS,
  ...STREAM_FAULTS,
  ...FRAMING_FAULTS,
  ...LOAD_FAULTS,
  ...BROWSER_FAULTS,
  ...NGINX_FAULTS,
];
