/**
 * Matching a URI against a template (RFC 6570 in reverse).
 *
 * No regular expression does it: URIs come from strangers, and `{a}{b}{c}` as a pattern backtracks in cubic time. One pass
 * from the right notes for each position whether the rest of the template fits there, and one pass from the left reads
 * the values off; the time is (length of the URI) x (number of steps) whatever the URI.
 */
import type { TemplateExpression } from './uri-template-syntax.ts';
import { affixes, isNamed } from './uri-template-syntax.ts';

/** Matches its text exactly. */
interface TextStep {
  readonly text: string;
}

/** Matches one or more characters, or items of them with separators between if the variable has `*`. */
interface ValueStep {
  readonly name: string;
  readonly accepts: (code: number) => boolean;
  readonly separators: readonly string[];
  readonly split: RegExp | undefined;
}

export type Step = TextStep | ValueStep;

const COMMA = 44;
const SLASH = 47;
const DOT = 46;
const AMPERSAND = 38;

const isLineEnd = (code: number): boolean => code === 10 || code === 13 || code === 0x2028 || code === 0x2029;
const inSegment = (code: number): boolean => code !== SLASH && code !== COMMA;
const inLabel = (code: number): boolean => inSegment(code) && code !== DOT;
const inParameter = (code: number): boolean => code !== AMPERSAND;
const inParameterItem = (code: number): boolean => code !== AMPERSAND && code !== COMMA;
const inReserved = (code: number): boolean => !isLineEnd(code);

const escapeRegExp = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

function valueStep(operator: TemplateExpression['operator'], name: string, exploded: boolean): ValueStep {
  switch (operator) {
    case '+':
    case '#':
      return { name, accepts: inReserved, separators: [], split: exploded ? /,/ : undefined };
    case '?':
    case '&':
      if (!exploded) return { name, accepts: inParameter, separators: [], split: undefined };
      return {
        name,
        accepts: inParameterItem,
        separators: [',', `&${name}=`],
        split: new RegExp(`,|&${escapeRegExp(name)}=`),
      };
    case '/':
      if (!exploded) return { name, accepts: inSegment, separators: [], split: undefined };
      return { name, accepts: inSegment, separators: [',', '/'], split: /[,/]/ };
    case '.':
      if (!exploded) return { name, accepts: inSegment, separators: [], split: undefined };
      return { name, accepts: inLabel, separators: [',', '.'], split: /[,.]/ };
    default:
      if (!exploded) return { name, accepts: inSegment, separators: [], split: undefined };
      return { name, accepts: inSegment, separators: [','], split: /,/ };
  }
}

/** The steps of a template; neighbouring texts are joined, so that each is searched for once. */
export function compileSteps(parts: readonly (string | TemplateExpression)[]): Step[] {
  const steps: Step[] = [];
  let text = '';
  let inQuery = false;
  const flush = (): void => {
    if (text !== '') steps.push({ text });
    text = '';
  };
  for (const part of parts) {
    if (typeof part === 'string') {
      text += part;
      continue;
    }
    const { first, between } = affixes(part.operator);
    for (const [index, { name, exploded }] of part.variables.entries()) {
      text += index > 0 ? between : part.operator === '?' && inQuery ? '&' : first;
      if (isNamed(part.operator)) text += `${name}=`;
      flush();
      steps.push(valueStep(part.operator, name, exploded));
    }
    inQuery ||= isNamed(part.operator);
  }
  flush();
  return steps;
}

/** Whether `step` is a literal text. */
export function isText(step: Step): step is TextStep {
  return 'text' in step;
}

/**
 * For each position of `uri`: where `step` ends if it starts there and the rest of the template fits after it, or -1.
 * Among several ends the farthest is chosen, as a greedy pattern would.
 */
function endsOf(step: Step, uri: string, rest: Int32Array): Int32Array {
  const ends = new Int32Array(uri.length + 1).fill(-1);
  if (isText(step)) {
    for (let at = uri.indexOf(step.text); at !== -1; at = uri.indexOf(step.text, at + 1)) {
      const end = at + step.text.length;
      if (rest[end]! >= 0) ends[at] = end;
    }
    return ends;
  }
  // `within`: the farthest end if at least one character of the current item precedes this position.
  let within = rest[uri.length]! >= 0 ? uri.length : -1;
  for (let at = uri.length - 1; at >= 0; at--) {
    let farther = -1;
    if (step.accepts(uri.charCodeAt(at))) {
      farther = within;
      ends[at] = within;
    } else {
      for (const separator of step.separators) {
        if (farther < 0 && uri.startsWith(separator, at)) farther = ends[at + separator.length]!;
      }
    }
    within = farther >= 0 ? farther : rest[at]! >= 0 ? at : -1;
  }
  return ends;
}

/** The values that the steps read off `uri`, or null if it does not fit. Lists (`*`) of several items are arrays. */
export function matchSteps(steps: readonly Step[], uri: string): Record<string, string | string[]> | null {
  const rows: Int32Array[] = new Array(steps.length);
  let rest: Int32Array = new Int32Array(uri.length + 1).fill(-1);
  rest[uri.length] = uri.length;
  for (let index = steps.length - 1; index >= 0; index--) {
    rest = rows[index] = endsOf(steps[index]!, uri, rest);
  }
  if (rest[0]! < 0) return null;
  const values: Record<string, string | string[]> = {};
  let at = 0;
  for (const [index, step] of steps.entries()) {
    const end = rows[index]![at]!;
    if (!isText(step)) {
      const value = uri.slice(at, end);
      const items = step.split === undefined ? [value] : value.split(step.split);
      values[step.name] = items.length > 1 ? items : value;
    }
    at = end;
  }
  return values;
}
