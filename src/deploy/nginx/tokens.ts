/** The words of an nginx configuration file (nginx: ngx_conf_read_token). */
import { endOfLua, takesLua } from './lua-block.ts';

export interface Token {
  /** `word` has its quotes and escapes undone; the others are what ends a directive or delimits a block. */
  readonly kind: 'word' | ';' | '{' | '}';
  readonly text: string;
  /** From 1. */
  readonly line: number;
}

/** What can not be read as nginx would. */
export class NginxSyntaxError extends Error {
  readonly line: number;

  constructor(why: string, line: number) {
    super(why);
    this.line = line;
  }
}

/** Of nginx: other blanks are parts of words. */
const BLANK = /[ \t\r\n]/;
const ENDS_WORD = /[ \t\r\n;{]/;
/** What looks like one, and comes with text that was copied from a page. */
const FALSE_BLANK = /[\u00a0\u2000-\u200b\u2028\u2029\u202f\u3000\ufeff]/;

/** Whitespace, `;` and `{` have to follow the end of a quoted word. */
function assertWordEnds(text: string, at: number, line: number): void {
  const next = text[at];
  if (next === undefined || ENDS_WORD.test(next) || next === ')') return;
  throw new NginxSyntaxError(`'${next}' follows a closing quote`, line);
}

/** The escapes that nginx undoes itself; others stay, for regular expressions. */
function unescaped(letter: string): string {
  return { t: '\t', r: '\r', n: '\n', '"': '"', "'": "'", '\\': '\\' }[letter] ?? `\\${letter}`;
}

/**
 * Reads the whole text.
 *
 * @throws NginxSyntaxError for a quote that never ends, and for a blank that is none
 */
export function nginxTokens(text: string): Token[] {
  const tokens: Token[] = [];
  /** The first word of the directive that is read. */
  let name: string | undefined;
  let line = 1;
  let at = 0;
  while (at < text.length) {
    const letter = text[at]!;
    if (BLANK.test(letter)) {
      if (letter === '\n') line++;
      at++;
    } else if (letter === '#') {
      const end = text.indexOf('\n', at);
      at = end < 0 ? text.length : end;
    } else if (letter === ';' || letter === '{' || letter === '}') {
      tokens.push({ kind: letter, text: letter, line });
      at++;
      if (letter === '{' && name !== undefined && takesLua(name)) {
        const end = endOfLua(text, at) ?? text.length;
        line += text.slice(at, end).split('\n').length - 1;
        at = end;
      }
      name = undefined;
    } else {
      const word = readWord(text, at, line);
      tokens.push({ kind: 'word', text: word.text, line });
      name ??= word.text;
      line = word.line;
      at = word.end;
    }
  }
  return tokens;
}

interface Word {
  readonly text: string;
  /** After it. */
  readonly end: number;
  /** In which it ends. */
  readonly line: number;
}

function readWord(text: string, start: number, startLine: number): Word {
  const first = text[start]!;
  const quote = first === '"' || first === "'" ? first : undefined;
  let at = quote === undefined ? start : start + 1;
  let line = startLine;
  let word = '';
  for (; at < text.length; at++) {
    const letter = text[at]!;
    if (letter === '\\' && at + 1 < text.length) word += unescaped(text[++at]!);
    else if (quote !== undefined && letter === quote) {
      assertWordEnds(text, at + 1, line);
      return { text: word, end: at + 1, line };
    } else if (quote === undefined && ENDS_WORD.test(letter) && !(letter === '{' && text[at - 1] === '$')) {
      return { text: word, end: at, line };
    } else {
      if (quote === undefined && FALSE_BLANK.test(letter)) {
        const code = letter.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0');
        throw new NginxSyntaxError(`U+${code} looks like a blank, and nginx takes it for a letter`, line);
      }
      word += letter;
    }
    if (text[at] === '\n') line++;
  }
  if (quote !== undefined) throw new NginxSyntaxError('a quote is never closed', startLine);
  return { text: word, end: at, line };
}
