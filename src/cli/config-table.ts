/** A configuration as people and programs read it. Secrets are counted, never shown. */
import type { ConfigurationKey, LoadedConfiguration } from '../host/configuration/configuration.ts';
import { KEYS, SETTINGS } from '../host/configuration/settings.ts';

function hiddenSecrets(values: readonly unknown[]): string {
  return `(hidden, ${values.length} ${values.length === 1 ? 'value' : 'values'})`;
}

/** What JSON can hold of a value; null where there is none. */
function shownValue(key: ConfigurationKey, value: unknown): unknown {
  if (value === undefined || value === Number.POSITIVE_INFINITY) return null;
  if (key === 'secrets') return hiddenSecrets(value as readonly unknown[]);
  return typeof value === 'function' ? '(function)' : value;
}

function cell(key: ConfigurationKey, value: unknown): string {
  const shown = shownValue(key, value);
  if (shown === null) return `(${SETTINGS[key].absent ?? 'off'})`;
  return Array.isArray(shown) ? shown.join(', ') || '(empty)' : String(shown);
}

/** A line for each key: its name, its value, where that comes from. */
export function configurationTable({ values, sources }: LoadedConfiguration): string {
  const rows = KEYS.map(key => [key, cell(key, values[key]), sources[key].name] as const);
  const width = (column: 0 | 1) => Math.max(...rows.map(row => row[column].length));
  const [keys, cells] = [width(0), width(1)];
  return rows.map(([key, value, source]) => `${key.padEnd(keys)}  ${value.padEnd(cells)}  ${source}\n`).join('');
}

/** `{ file, settings: { port: { value, source: { kind, name } }, ... } }`; a value is null where there is none. */
export function configurationJson({ values, sources, file }: LoadedConfiguration): string {
  const settings = Object.fromEntries(
    KEYS.map(key => [key, { value: shownValue(key, values[key]), source: sources[key] }]),
  );
  return `${JSON.stringify({ file: file ?? null, settings }, undefined, 2)}\n`;
}
