// Each fault of the stage, in a server that has no other: found and named, and gone with the fault.
import { ADDRESS_FAULTS } from './faults/address-faults.ts';
import { testFaults } from './kit/planted-fault.ts';

testFaults('address', ADDRESS_FAULTS);
