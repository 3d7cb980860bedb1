/** What a new server depends on besides slipway: the versions that this release is tested with (a test compares them). */

export const ZOD = '^4.6.7';
export const TYPESCRIPT = '^7.0.2';

/** The types of the Node that runs now: what compiles should run. */
export function nodeTypes(): string {
  return `^${process.versions.node.split('.')[0]}.0.0`;
}
