/** URI templates (RFC 6570): expansion, and matching in the other direction, which the RFC leaves open. */
import type { Step } from './uri-template-matcher.ts';
import { compileSteps, isText, matchSteps } from './uri-template-matcher.ts';
import type { TemplateExpression } from './uri-template-syntax.ts';
import { affixes, isNamed, parseUriTemplate } from './uri-template-syntax.ts';

/** Values by variable name. A list is written with commas, or with the operator's separator if the variable has `*`. */
export type Variables = Record<string, string | string[]>;

/** URIs longer than this match no template. */
export const MAX_MATCHED_URI_LENGTH = 65_536;

function encode(value: string, operator: TemplateExpression['operator']): string {
  const text = value.toWellFormed();
  return operator === '+' || operator === '#' ? encodeURI(text) : encodeURIComponent(text);
}

/**
 * A URI template.
 *
 * @example
 * const template = new UriTemplate('file:///{+path}{?line}');
 * template.match('file:///src/a.ts?line=3'); // { path: 'src/a.ts', line: '3' }
 */
export class UriTemplate {
  readonly #template: string;
  readonly #parts: readonly (string | TemplateExpression)[];
  readonly #steps: readonly Step[];
  readonly #prefix: string;
  readonly #shortest: number;

  /**
   * @param template up to 10,000 characters with up to 100 variables; operators + # . / ? & and the modifier `*`
   * @throws SlipwayError SLIP_INVALID_OPTION if it is not a template that can be matched
   */
  constructor(template: string) {
    this.#template = template;
    this.#parts = parseUriTemplate(template);
    this.#steps = compileSteps(this.#parts);
    const first = this.#steps[0];
    this.#prefix = first !== undefined && isText(first) ? first.text : '';
    this.#shortest = this.#steps.reduce((sum, step) => sum + (isText(step) ? step.text.length : 1), 0);
  }

  /** Whether `text` has an expression in braces. */
  static isTemplate(text: string): boolean {
    let open = -1;
    for (let at = 0; at < text.length; at++) {
      const char = text[at]!;
      if (char === '}') {
        if (open >= 0 && at - open > 1) return true;
        open = -1;
      } else if (open < 0) {
        if (char === '{') open = at;
      } else if (/\s/.test(char)) {
        open = -1;
      }
    }
    return false;
  }

  /** The template as it was given. */
  toString(): string {
    return this.#template;
  }

  /** The names of the variables in the order of the template. */
  get variableNames(): string[] {
    return this.#parts.flatMap(part => (typeof part === 'string' ? [] : part.variables.map(({ name }) => name)));
  }

  /** The URI with `variables` filled in, percent-encoded; a variable without a value leaves nothing behind. */
  expand(variables: Variables): string {
    let uri = '';
    let inQuery = false;
    for (const part of this.#parts) {
      if (typeof part === 'string') {
        uri += part;
        continue;
      }
      const { first, between } = affixes(part.operator);
      let prefix = part.operator === '?' && inQuery ? '&' : first;
      for (const { name, exploded } of part.variables) {
        const value = Object.hasOwn(variables, name) ? variables[name] : undefined;
        if (value === undefined || value === null || (Array.isArray(value) && value.length === 0)) continue;
        const label = isNamed(part.operator) ? `${name}=` : '';
        const items = (Array.isArray(value) ? value : [value]).map(item => encode(String(item), part.operator));
        uri += prefix + label + items.join(exploded ? between + label : ',');
        prefix = between;
        inQuery ||= isNamed(part.operator);
      }
    }
    return uri;
  }

  /**
   * The values of all variables if `uri` is an expansion of this template, else null.
   *
   * Values are as they stand in the URI, still percent-encoded: decode them once, where they are used. A variable with
   * `*` that stands for several items gives an array. A variable takes as much as it can, and at least one character.
   */
  match(uri: string): Variables | null {
    if (uri.length < this.#shortest || uri.length > MAX_MATCHED_URI_LENGTH || !uri.startsWith(this.#prefix))
      return null;
    return matchSteps(this.#steps, uri);
  }
}
