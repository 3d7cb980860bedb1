/** One option of a command: `--name <value>`, or `--name` alone. */
export interface Flag {
  /** The long name without dashes, in kebab case. */
  readonly name: string;
  /** What stands for the value in the help: `number`, `address`, ...; absent where the flag takes none. */
  readonly value?: string;
  readonly summary: string;
}

/** What was given on the command line, still as text; the command itself judges the values. A flag without one is `true`. */
export type FlagValues = Readonly<Record<string, string | undefined>>;

/** A command as data, so that the help and both ways of reading the line (main.ts) say the same. */
export interface Command {
  readonly name: string;
  readonly summary: string;
  /** The optional positional argument. */
  readonly argument?: { readonly name: string; readonly summary: string };
  readonly flags: readonly Flag[];
  /** Whole command lines with what they do; the help of every command shows at least one. */
  readonly examples: readonly { readonly line: string; readonly does: string }[];
  /** What the help says below the examples. */
  readonly note?: string;
  /** Imports what it needs only now: a command must not pay for the others. */
  run(argument: string | undefined, values: FlagValues): Promise<void>;
}
