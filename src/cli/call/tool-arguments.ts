/** The arguments of a tool, out of the words of a command line and the tool's own schema. */
import { nearest } from '../../host/configuration/nearest.ts';
import { SlipwayError } from '../../protocol/coded-error.ts';
import { isPlainObject } from '../../protocol/json-rpc.ts';
import type { Tool } from '../../protocol/tool.ts';
import { coerce } from './coercion.ts';
import { type GivenPair, jsonOf, pairOf } from './given-pairs.ts';
import { branches, inWords, resolved, type Schema, typesOf } from './schema-words.ts';

type Members = Record<string, unknown>;

/** Without a prototype, so that every key is just a key. */
const members = (from: object = {}): Members => Object.assign(Object.create(null) as Members, from);

function propertiesOf(schema: unknown, root: Schema): Readonly<Record<string, unknown>> {
  return Object.assign(
    {},
    ...branches(schema, root).map(({ properties }) => (isPlainObject(properties) ? properties : {})),
  );
}

/** Whether a schema says that it takes what it does not list. */
function takesOthers(schema: unknown, root: Schema): boolean {
  return branches(schema, root).some(branch => {
    const additional = branch['additionalProperties'];
    return additional === true || isPlainObject(additional) || branch['patternProperties'] !== undefined;
  });
}

class ToolArguments {
  readonly #tool: Tool;
  readonly #root: Schema;
  readonly #values: Members;
  /** The keys that came from words, each of them once unless it is a list. */
  readonly #given = new Set<string>();

  constructor(tool: Tool, base: Members) {
    this.#tool = tool;
    this.#root = tool.inputSchema;
    this.#values = members(base);
  }

  get values(): Members {
    return this.#values;
  }

  #problem(name: string, why: string): SlipwayError {
    return new SlipwayError('SLIP_CALL_ARGUMENT', { name, tool: this.#tool.name, why });
  }

  take({ key, text, json }: GivenPair): void {
    const path = this.#pathOf(key);
    let holder = this.#values;
    let schema: unknown = this.#root;
    for (const [depth, name] of path.entries()) {
      const properties = propertiesOf(schema, this.#root);
      const isLast = depth === path.length - 1;
      if (!Object.hasOwn(properties, name) && !json) this.#assertTaken(key, name, schema);
      schema = properties[name];
      if (isLast) break;
      const inner = holder[name];
      holder = holder[name] = members(isPlainObject(inner) ? inner : {});
    }
    const name = path.at(-1)!;
    const value = json ? jsonOf(text, `The value of '${key}'`) : this.#coerced(key, text, schema);
    const isAgain = this.#given.has(key);
    this.#given.add(key);
    if (!isAgain) holder[name] = value;
    else if (Array.isArray(holder[name]) && Array.isArray(value)) holder[name] = [...holder[name], ...value];
    else throw this.#problem(key, 'it is given more than once, and takes one value');
  }

  /** `address.city` is a member of a member, unless the tool has such a name. */
  #pathOf(key: string): readonly string[] {
    const properties = propertiesOf(this.#root, this.#root);
    const path = key.split('.');
    const nests = path.length > 1 && !Object.hasOwn(properties, key) && Object.hasOwn(properties, path[0]!);
    return nests && typesOf(properties[path[0]!], this.#root).has('object') ? path : [key];
  }

  #assertTaken(key: string, name: string, schema: unknown): void {
    if (takesOthers(schema, this.#root)) return;
    const known = Object.keys(propertiesOf(schema, this.#root));
    const near = nearest(name, known);
    const others = known.length === 0 ? 'it takes none' : `it takes ${known.join(', ')}`;
    throw this.#problem(
      key,
      near === undefined
        ? `the tool has none of that name; ${others}`
        : `the tool has none of that name (did you mean ${near}?)`,
    );
  }

  #coerced(key: string, text: string, schema: unknown): unknown {
    const coerced = coerce(text, schema, this.#root);
    if ('problem' in coerced) throw this.#problem(key, coerced.problem);
    return coerced.value;
  }

  assertComplete(): void {
    const { required } = resolved(this.#root, this.#root);
    if (!Array.isArray(required)) return;
    const properties = propertiesOf(this.#root, this.#root);
    const missing = required.filter(name => typeof name === 'string' && !(name in this.#values));
    if (missing.length === 0) return;
    const named = missing.map(name => `${name} (${inWords(properties[name], this.#root)})`).join(', ');
    throw new SlipwayError('SLIP_CALL_INCOMPLETE', { tool: this.#tool.name, missing: named, first: missing[0] });
  }
}

/** The arguments of `--data`. @throws SlipwayError `SLIP_CLI_USAGE` when that is no JSON object */
function baseOf(data: string | undefined): Members {
  if (data === undefined) return {};
  const value = jsonOf(data, '--data');
  if (isPlainObject(value)) return value;
  throw new SlipwayError('SLIP_CLI_USAGE', { why: '--data takes a JSON object' });
}

/**
 * The arguments of a call.
 *
 * @param words `key=value` (as the schema wants it), `key:=json`, `key.inner=value`; a list's key may be repeated
 * @param data a JSON object; what the words say comes before it, and without words it is sent as it is
 * @throws SlipwayError `SLIP_CALL_ARGUMENT`, `SLIP_CALL_INCOMPLETE`, `SLIP_CLI_USAGE`
 */
export function toolArguments(tool: Tool, words: readonly string[], data?: string): Members {
  const built = new ToolArguments(tool, baseOf(data));
  for (const word of words) {
    const pair = pairOf(word);
    if (pair === undefined) {
      throw new SlipwayError('SLIP_CLI_USAGE', { why: `'${word}' is neither key=value nor key:=json` });
    }
    built.take(pair);
  }
  if (data === undefined) built.assertComplete();
  return built.values;
}
