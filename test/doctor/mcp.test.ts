// Each fault of the stage, in a server that has no other: found and named, and gone with the fault.
import { MCP_FAULTS } from './faults/mcp-faults.ts';
import { testFaults } from './kit/planted-fault.ts';

testFaults('mcp', MCP_FAULTS);
