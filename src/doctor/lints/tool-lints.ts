import { definitions } from './definitions.ts';
import { duplicateNames } from './duplicate-names.ts';
import { nameLength } from './name-length.ts';
import { outputSchemas } from './output-schemas.ts';
import type { ToolLint } from './tool-lint.ts';

/** Every rule that a list of tools can be held against; over the network by one probe, offline by `slipway doctor server.ts`. */
export const TOOL_LINTS: readonly ToolLint[] = [definitions, nameLength, duplicateNames, outputSchemas];
