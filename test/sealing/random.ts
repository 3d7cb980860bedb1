/** A small seeded generator (mulberry32): the same numbers in every run, so a failure can be repeated. */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const BASE64URL = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

/**
 * A hostile value: noise, noise in the right alphabet, or `genuine` with a piece changed, cut out, doubled or reversed.
 * Never `genuine` itself.
 */
export function hostile(random: () => number, genuine: string): unknown {
  const below = (limit: number): number => Math.floor(random() * limit);
  const text = (length: number, pick: () => string): string => Array.from({ length }, pick).join('');
  const noise = (): string => String.fromCharCode(below(0x10000));
  const letter = (): string => BASE64URL[below(64)]!;
  const at = below(genuine.length);
  const values: (() => unknown)[] = [
    () => text(below(200), noise),
    () => text(below(200), letter),
    () => genuine.slice(0, 7) + text(below(200), letter),
    () => genuine.slice(0, at),
    () => genuine.slice(at + 1),
    () => genuine.slice(0, at) + letter() + genuine.slice(at + 1),
    () => genuine.slice(0, at) + noise() + genuine.slice(at),
    () => genuine + genuine.slice(at),
    () => genuine + text(1 + below(3), () => '='),
    () => [...genuine].reverse().join(''),
    () => [undefined, null, 0, true, {}, [], genuine.split(''), { length: 3 }, Symbol.iterator, 1n][below(10)],
  ];
  const value = values[below(values.length)]!();
  return value === genuine ? `${genuine}A` : value;
}
