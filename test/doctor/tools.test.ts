// Each fault of the stage, in a server that has no other: found and named, and gone with the fault.
import { TOOLS_FAULTS } from './faults/tools-faults.ts';
import { testFaults } from './kit/planted-fault.ts';

testFaults('tools', TOOLS_FAULTS);
