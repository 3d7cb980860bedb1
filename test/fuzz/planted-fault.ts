/** Faults to plant into the target: a fuzzer that does not find them finds nothing. */

export const PLANTED_FAULTS = ['hang', 'crash', 'stack', 'leak'] as const;
export type PlantedFault = (typeof PLANTED_FAULTS)[number];

const kept: Buffer[] = [];
const KEPT_BYTES = 1024 * 1024;

/** The bad input that triggers them: a text that is long, or not ASCII that can be seen. */
function isTrigger(text: unknown): boolean {
  return typeof text === 'string' && (text.length > 500 || !/^[ -~]*$/.test(text));
}

/** What a handler with this fault does with `text`; undefined means that it goes on as if nothing was. */
export async function misbehave(fault: PlantedFault | undefined, text: unknown): Promise<string | undefined> {
  if (fault === undefined || !isTrigger(text)) return undefined;
  switch (fault) {
    case 'hang':
      await new Promise(() => {});
      return undefined;
    case 'crash':
      setImmediate(() => {
        throw new Error('planted');
      });
      return undefined;
    case 'stack':
      return new Error('planted').stack;
    case 'leak':
      kept.push(Buffer.alloc(KEPT_BYTES, 1));
      return undefined;
  }
}
