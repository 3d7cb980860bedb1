/** Which options of fixtures are the same, so that what they lead to is looked at once. */

const numbers = new WeakMap<object, number>();
let last = 0;

/** Two functions, or two objects of some class, are the same only where they are one. */
function identity(value: object): string {
  let number = numbers.get(value);
  if (number === undefined) numbers.set(value, (number = ++last));
  return `#${number}`;
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return Array.isArray(value) || prototype === Object.prototype || prototype === null;
}

/** The same text for options that are the same, member by member. */
export function samenessKey(value: unknown): string {
  if (typeof value === 'function') return identity(value);
  if (typeof value !== 'object' || value === null) return `${typeof value} ${JSON.stringify(value)}`;
  if (!isPlain(value)) return identity(value);
  const members = Object.entries(value).map(([name, member]) => `${JSON.stringify(name)}: ${samenessKey(member)}`);
  return Array.isArray(value) ? `[${members.join(', ')}]` : `{${members.sort().join(', ')}}`;
}
