/** What an expression of PromQL looks at. */

/** Words that are no metrics. */
const WORDS = new Set([
  'by',
  'without',
  'on',
  'ignoring',
  'group_left',
  'group_right',
  'and',
  'or',
  'unless',
  'bool',
  'le',
]);

export interface Selector {
  readonly metric: string;
  /** The labels that it asks for. */
  readonly labels: readonly string[];
}

/** The metrics that an expression reads, with the labels that it names for each. */
export function selectorsOf(expression: string): Selector[] {
  const plain = expression
    .replace(/\b(?:by|without|on|ignoring|group_left|group_right)\s*\([^)]*\)/g, ' ')
    .replace(/\[[^\]]*\]/g, ' ');
  const found: Selector[] = [];
  for (const [, metric, call, selector = ''] of plain.matchAll(
    /(?<![\w"$.])([a-zA-Z_:][\w:]*)(\s*\()?(?:\{((?:[^{}"]|"[^"]*")*)\})?(?=(?:[^"]*"[^"]*")*[^"]*$)/g,
  )) {
    if (call !== undefined || WORDS.has(metric!)) continue;
    found.push({ metric: metric!, labels: [...selector.matchAll(/(\w+)\s*[=!]/g)].map(([, label]) => label!) });
  }
  return found;
}

/** Every `expr:` of a file of rules, in one line each. */
export function expressionsOfRules(yaml: string): string[] {
  return [...yaml.matchAll(/^ +expr: (?:>-\n((?: {10,}.*\n)+)|(.*)\n)/gm)].map(([, folded, plain]) =>
    (folded ?? plain!).replace(/\s+/g, ' ').trim(),
  );
}
