// Each fault of the stage, in a server that has no other: found and named, and gone with the fault.
import { OAUTH_FAULTS } from './faults/oauth-faults.ts';
import { testFaults } from './kit/planted-fault.ts';

testFaults('oauth', OAUTH_FAULTS);
