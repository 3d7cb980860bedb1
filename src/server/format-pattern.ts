/** A string format that an elicitation form can ask for (MCP 2026-07-28, client/elicitation, StringSchema). */
export type FormFormat = 'email' | 'uri' | 'date' | 'date-time';

const DATES = ['1900-01-01', '1999-12-31', '2000-02-29', '2024-11-30', '2026-07-28', '2038-10-09'];
const MINUTES = ['00:00', '09:05', '12:34', '18:45', '23:59'];
const SECONDS = ['', ':56', ...Array.from('123456789', (_, digits) => `:56.${'123456789'.slice(0, digits + 1)}`)];
const ZONES = ['Z', '', '+02:00'];

/** Ways to write one minute; a library's pattern may accept only some of them, by the precision and zone it was told. */
function spellingsOf(minute: string): string[] {
  return SECONDS.flatMap(seconds => ZONES.map(zone => `${minute}${seconds}${zone}`));
}

/** Groups of valid values: a pattern that adds nothing to the format accepts at least one of each group. */
const SAMPLES: Readonly<Record<FormFormat, () => readonly (readonly string[])[]>> = {
  email: () =>
    [
      'a@b.co',
      'first.last@example.com',
      'user+tag@mail.example.org',
      'x_1-y@sub.domain.example',
      '0123456789@example.travel',
      'UPPER@EXAMPLE.COM',
      `${'long'.repeat(12)}@${'long'.repeat(8)}.example.net`,
    ].map(value => [value]),
  uri: () =>
    [
      'https://example.com',
      'http://user@example.org:8080/a/b.html?c=d&e=f#g',
      'ftp://192.0.2.1/file',
      'mailto:someone@example.com',
      'urn:isbn:0451450523',
    ].map(value => [value]),
  date: () => DATES.map(value => [value]),
  'date-time': () => DATES.flatMap(date => MINUTES.map(minute => spellingsOf(`${date}T${minute}`))),
};

export function isFormFormat(format: unknown): format is FormFormat {
  return typeof format === 'string' && Object.hasOwn(SAMPLES, format);
}

/**
 * Whether `pattern` only spells out `format`. Schema libraries write their own regular expression beside the format; a
 * form can not carry it and loses nothing without. A pattern of the author's that narrows the format is another matter,
 * and shows by refusing ordinary values of the format.
 */
export function spellsOutFormat(format: FormFormat, pattern: unknown): boolean {
  if (typeof pattern !== 'string') return false;
  let expression: RegExp;
  try {
    expression = new RegExp(pattern, 'u');
  } catch {
    return false;
  }
  return SAMPLES[format]().every(group => group.some(value => expression.test(value)));
}
