/** A block with what it inherits, as nginx has it: a level that sets a directive replaces what the outer ones say. */
import type { Directive } from './directives.ts';

export class Scope {
  readonly directives: readonly Directive[];
  readonly parent: Scope | undefined;

  constructor(directives: readonly Directive[], parent?: Scope) {
    this.directives = directives;
    this.parent = parent;
  }

  /** Those of this level. */
  own(name: string): readonly Directive[] {
    return this.directives.filter(directive => directive.name === name);
  }

  /**
   * Those in effect: of the innermost level that has any. `proxy_set_header` and `add_header` are lists that are replaced
   * as a whole.
   */
  all(name: string): readonly Directive[] {
    const own = this.own(name);
    return own.length > 0 || this.parent === undefined ? own : this.parent.all(name);
  }

  /** The one in effect; undefined where nginx's default holds. */
  one(name: string): Directive | undefined {
    return this.all(name)[0];
  }

  /** Its first argument; undefined where nginx's default holds. */
  value(name: string): string | undefined {
    return this.one(name)?.args[0];
  }

  /** `on` or `off`, in whatever letters; undefined where nginx's default holds. */
  flag(name: string): string | undefined {
    return this.value(name)?.toLowerCase();
  }

  /** The header that is sent to the server, and what it is set to; undefined where it is not set. */
  proxyHeader(name: string): Directive | undefined {
    return this.all('proxy_set_header').find(({ args }) => args[0]?.toLowerCase() === name.toLowerCase());
  }
}

/** All directives below, at any depth, with the scope that each is in. */
export function* within(scope: Scope): Generator<readonly [Directive, Scope]> {
  for (const directive of scope.directives) {
    yield [directive, scope];
    if (directive.block !== undefined) yield* within(new Scope(directive.block, scope));
  }
}
