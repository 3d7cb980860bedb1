/** One option of a command: `--name <value>`, or `--name` alone. */
export interface Flag {
  /** The long name without dashes, in kebab case. */
  readonly name: string;
  /** What stands for the value in the help: `number`, `address`, ...; absent for a switch: `--name`, `--name=false`. */
  readonly value?: string;
  readonly summary: string;
  /** May be given more than once; the values are joined by commas. */
  readonly list?: boolean;
  /** May be given more than once; each value arrives as it is, in {@link RestOfLine}. */
  readonly repeated?: boolean;
}

/** A positional argument. */
export interface Argument {
  readonly name: string;
  readonly summary: string;
}

/** What was given on the command line, still as text; the command itself judges the values. A switch alone is `true`. */
export type FlagValues = Readonly<Record<string, string | undefined>>;

/** What else was given; most commands take nothing of it. */
export interface RestOfLine {
  /** The positional arguments after the first. */
  readonly more: readonly string[];
  /** The values of each flag that may be repeated, in their order; none where it was not given. */
  readonly repeated: Readonly<Record<string, readonly string[] | undefined>>;
}

/** A command as data, so that the help and both ways of reading the line (main.ts) say the same. */
export interface Command {
  readonly name: string;
  readonly summary: string;
  /** The first positional argument; optional, as far as the line is concerned. */
  readonly argument?: Argument;
  /** Those after it, all optional; the last one takes whatever is left when its name ends with `...`. */
  readonly moreArguments?: readonly Argument[];
  readonly flags: readonly Flag[];
  /** Flags that are taken as well, and not in the help. */
  readonly moreFlags?: readonly Flag[];
  /** Whole command lines with what they do; the help of every command shows at least one. */
  readonly examples: readonly { readonly line: string; readonly does: string }[];
  /** What the help says below the examples. */
  readonly note?: string;
  /** The exit code when it could not do its work; default 1. */
  readonly failureCode?: number;
  /** Imports what it needs only now: a command must not pay for the others. */
  run(argument: string | undefined, values: FlagValues, rest: RestOfLine): Promise<void>;
}

/** All positional arguments that a command takes, in their order. */
export function argumentsOf({ argument, moreArguments = [] }: Command): readonly Argument[] {
  return argument === undefined ? [] : [argument, ...moreArguments];
}

export function isVariadic({ name }: Argument): boolean {
  return name.endsWith('...');
}

/** How many positional arguments a command takes at most. */
export function mostArguments(command: Command): number {
  const all = argumentsOf(command);
  return all.some(isVariadic) ? Number.POSITIVE_INFINITY : all.length;
}

/** Every flag that a command takes. */
export function flagsOf({ flags, moreFlags = [] }: Command): readonly Flag[] {
  return [...flags, ...moreFlags];
}
