/** An nginx configuration file as a tree of directives. */
import { NginxSyntaxError, nginxTokens, type Token } from './tokens.ts';

export interface Directive {
  readonly name: string;
  readonly args: readonly string[];
  /** Where it begins, in the file that it is in. */
  readonly line: number;
  /** The file that it is in, where that is not the one that was asked about. */
  readonly file?: string;
  /** What is between its braces; undefined for one that ends with a semicolon. */
  readonly block?: readonly Directive[];
}

/**
 * Reads the text of a file.
 *
 * @param file its name, for directives of an included file
 * @throws NginxSyntaxError
 */
export function nginxDirectives(text: string, file?: string): Directive[] {
  const tokens = nginxTokens(text);
  const reader = new DirectiveReader(tokens, file);
  const directives = reader.block(undefined);
  return directives;
}

/** No configuration goes this deep; a file of another kind may. */
const MAX_DEPTH = 100;

class DirectiveReader {
  readonly #tokens: readonly Token[];
  readonly #file: string | undefined;
  #at = 0;
  #depth = 0;

  constructor(tokens: readonly Token[], file: string | undefined) {
    this.#tokens = tokens;
    this.#file = file;
  }

  /** @param opened the line of the brace; undefined for the file itself */
  block(opened: number | undefined): Directive[] {
    const directives: Directive[] = [];
    for (;;) {
      const token = this.#tokens[this.#at];
      if (token === undefined) {
        if (opened !== undefined) throw new NginxSyntaxError("a block has no '}'", opened);
        return directives;
      }
      if (token.kind === '}') {
        if (opened === undefined) throw new NginxSyntaxError("'}' closes nothing", token.line);
        this.#at++;
        return directives;
      }
      if (token.kind !== 'word') throw new NginxSyntaxError(`'${token.text}' follows no directive`, token.line);
      directives.push(this.#directive(token));
    }
  }

  #directive({ text: name, line }: Token): Directive {
    const args: string[] = [];
    const file = this.#file === undefined ? {} : { file: this.#file };
    for (this.#at++; ; this.#at++) {
      const token = this.#tokens[this.#at];
      if (token === undefined || token.kind === '}') throw new NginxSyntaxError(`'${name}' has no ';'`, line);
      if (token.kind === 'word') args.push(token.text);
      else {
        this.#at++;
        if (token.kind === ';') return { name, args, line, ...file };
        if (++this.#depth > MAX_DEPTH)
          throw new NginxSyntaxError(`blocks are more than ${MAX_DEPTH} levels deep`, line);
        const block = this.block(token.line);
        this.#depth--;
        return { name, args, line, ...file, block };
      }
    }
  }
}
