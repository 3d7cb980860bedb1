// Each fault of the stage, in a server that has no other: found and named, and gone with the fault.
import { TLS_FAULTS } from './faults/tls-faults.ts';
import { testFaults } from './kit/planted-fault.ts';

testFaults('tls', TLS_FAULTS);
