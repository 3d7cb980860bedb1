/** The syntax of URI templates (RFC 6570, section 2), except the `:n` modifier, which can not be matched. */
import { SlipwayError } from './coded-error.ts';

const MAX_TEMPLATE_LENGTH = 10_000;
const MAX_VARIABLES = 100;

/** A variable of an expression; `exploded` if it has the modifier `*`. */
export interface TemplateVariable {
  readonly name: string;
  readonly exploded: boolean;
}

/** One expression in braces. */
export interface TemplateExpression {
  readonly operator: '' | '+' | '#' | '.' | '/' | '?' | '&';
  readonly variables: readonly TemplateVariable[];
}

function refuse(why: string): never {
  throw new SlipwayError('SLIP_INVALID_OPTION', { option: 'uriTemplate', why });
}

function operatorOf(expression: string): TemplateExpression['operator'] {
  switch (expression[0]) {
    case '+':
    case '#':
    case '.':
    case '/':
    case '?':
    case '&':
      return expression[0];
    default:
      return '';
  }
}

function parseExpression(expression: string): TemplateExpression {
  const operator = operatorOf(expression);
  const variables: TemplateVariable[] = [];
  for (const item of expression.slice(operator.length).split(',')) {
    const variable = item.trim();
    const exploded = variable.endsWith('*');
    const name = exploded ? variable.slice(0, -1).trim() : variable;
    if (name === '') refuse(`{${expression}} has a variable without a name`);
    if (/[:*{]/.test(name)) refuse(`'${name}' in {${expression}} is not a variable name (':n' is not supported)`);
    variables.push({ name, exploded });
  }
  return { operator, variables };
}

/**
 * Splits a template into its texts and expressions.
 *
 * @throws SlipwayError SLIP_INVALID_OPTION naming what is wrong
 */
export function parseUriTemplate(template: string): (string | TemplateExpression)[] {
  if (template.length > MAX_TEMPLATE_LENGTH) refuse(`it has more than ${MAX_TEMPLATE_LENGTH} characters`);
  const parts: (string | TemplateExpression)[] = [];
  let variables = 0;
  let at = 0;
  for (let open = template.indexOf('{'); open !== -1; open = template.indexOf('{', at)) {
    const close = template.indexOf('}', open);
    if (close === -1) refuse('an expression is not closed with }');
    if (open > at) parts.push(template.slice(at, open));
    const expression = parseExpression(template.slice(open + 1, close));
    variables += expression.variables.length;
    if (variables > MAX_VARIABLES) refuse(`it has more than ${MAX_VARIABLES} variables`);
    parts.push(expression);
    at = close + 1;
  }
  if (at < template.length) parts.push(template.slice(at));
  return parts;
}

/** What stands before the first value of an expression, and between its values. */
export function affixes(operator: TemplateExpression['operator']): {
  readonly first: string;
  readonly between: string;
} {
  switch (operator) {
    case '#':
      return { first: '#', between: ',' };
    case '/':
      return { first: '/', between: '/' };
    case '.':
      return { first: '.', between: '.' };
    case '?':
      return { first: '?', between: '&' };
    case '&':
      return { first: '&', between: '&' };
    default:
      return { first: '', between: ',' };
  }
}

/** Whether the operator writes `name=value`. */
export function isNamed(operator: TemplateExpression['operator']): boolean {
  return operator === '?' || operator === '&';
}
