/** Lines for people: JSON in, what pino-pretty makes of it out. */

export type PrettyLine = (json: string) => string;

const CONTROL = /[^\P{Cc}\n\t]/gu;

/** What a stranger sent must not move the cursor or change colours. */
function withoutControls(value: unknown): unknown {
  if (typeof value === 'string') return value.replace(CONTROL, '\ufffd');
  if (Array.isArray(value)) return value.map(withoutControls);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [key.replace(CONTROL, '\ufffd'), withoutControls(inner)]),
  );
}

/** Whether colours are wanted where there is a terminal; see no-color.org. */
export function wantsColour(isTerminal: boolean, env: NodeJS.ProcessEnv = process.env): boolean {
  return isTerminal && !env['NO_COLOR'] && env['TERM'] !== 'dumb';
}

export async function loadPretty(colorize: boolean): Promise<PrettyLine> {
  const { prettyFactory } = await import('pino-pretty');
  const pretty = prettyFactory({
    colorize,
    colorizeObjects: false,
    translateTime: 'SYS:HH:MM:ss.l',
    ignore: 'pid',
    singleLine: true,
    errorLikeObjectKeys: ['err', 'error', 'cause'],
  });
  return json => {
    try {
      return pretty(withoutControls(JSON.parse(json))) ?? json;
    } catch {
      return json;
    }
  };
}
