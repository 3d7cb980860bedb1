import { SlipwayError } from '../protocol/coded-error.ts';
import { isPlainObject } from '../protocol/json-rpc.ts';

/** Deep enough for data, and far from the depth at which JSON.stringify gives up. */
const MAX_DEPTH = 200;

/** Why a value would not come back from JSON as it is, if so. */
function fault(value: unknown, path: string, depth: number): string | undefined {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return undefined;
  if (typeof value === 'number') return Number.isFinite(value) ? undefined : `${path} is ${value}`;
  if (typeof value !== 'object') return `${path} is ${value === undefined ? 'undefined' : `a ${typeof value}`}`;
  if (depth === MAX_DEPTH) return `${path} is nested too deeply, or contains itself`;
  if (Array.isArray(value)) {
    for (let index = 0; index < value.length; index++) {
      const found = fault(value[index], `${path}[${index}]`, depth + 1);
      if (found !== undefined) return found;
    }
    return undefined;
  }
  const prototype: unknown = Object.getPrototypeOf(value);
  if (!isPlainObject(value) || (prototype !== null && prototype !== Object.prototype)) {
    return `${path} is a ${value.constructor?.name ?? 'class instance'}`;
  }
  for (const [key, member] of Object.entries(value)) {
    // JSON leaves such a member out, and reading it gives the same.
    const found = member === undefined ? undefined : fault(member, `${path}.${key}`, depth + 1);
    if (found !== undefined) return found;
  }
  return undefined;
}

/**
 * The result of a step as JSON text; undefined stays undefined. Strict, since a value that JSON changes (a Date, a Map,
 * NaN) would be one thing in the round that ran the step and another in the next.
 *
 * @throws SlipwayError `SLIP_STEP_NOT_JSON`, naming the part that is not JSON
 */
export function stepText(name: string, value: unknown): string | undefined {
  if (value === undefined) return undefined;
  const why = fault(value, 'the result', 0);
  if (why !== undefined) throw new SlipwayError('SLIP_STEP_NOT_JSON', { name, why });
  return JSON.stringify(value);
}
