/** How text is set off from other text, where the output can do that. */
import { styleText } from 'node:util';
import { wantsColour } from '../../host/sight/pretty-line.ts';

export interface Style {
  strong(text: string): string;
  bad(text: string): string;
  fair(text: string): string;
  good(text: string): string;
  dim(text: string): string;
}

const same = (text: string) => text;

export const PLAIN: Style = { strong: same, bad: same, fair: same, good: same, dim: same };

type Format = Parameters<typeof styleText>[0];

function painted(format: Format): (text: string) => string {
  return text => styleText(format, text, { validateStream: false });
}

const COLOURED: Style = {
  strong: painted('bold'),
  bad: painted(['bold', 'red']),
  fair: painted('yellow'),
  good: painted('green'),
  dim: painted('dim'),
};

/** Colours for a terminal, unless NO_COLOR says otherwise (no-color.org). */
export function styleFor(isTerminal: boolean, env: NodeJS.ProcessEnv = process.env): Style {
  return wantsColour(isTerminal, env) ? COLOURED : PLAIN;
}
