// Each fault of the stage, in a server that has no other: found and named, and gone with the fault.
import { EDGE_FAULTS } from './faults/edge-faults.ts';
import { testFaults } from './kit/planted-fault.ts';

testFaults('edge', EDGE_FAULTS);
