/** One option of a command: `--name <value>`, or `--name` alone. */
export interface Flag {
  /** The long name without dashes, in kebab case. */
  readonly name: string;
  /** What stands for the value in the help: `number`, `address`, ...; absent for a switch: `--name`, `--name=false`. */
  readonly value?: string;
  readonly summary: string;
  /** May be given more than once; the values are joined by commas. */
  readonly list?: boolean;
}

/** What was given on the command line, still as text; the command itself judges the values. A switch alone is `true`. */
export type FlagValues = Readonly<Record<string, string | undefined>>;

/** A command as data, so that the help and both ways of reading the line (main.ts) say the same. */
export interface Command {
  readonly name: string;
  readonly summary: string;
  /** The optional positional argument. */
  readonly argument?: { readonly name: string; readonly summary: string };
  readonly flags: readonly Flag[];
  /** Flags that are taken as well, and not in the help. */
  readonly moreFlags?: readonly Flag[];
  /** Whole command lines with what they do; the help of every command shows at least one. */
  readonly examples: readonly { readonly line: string; readonly does: string }[];
  /** What the help says below the examples. */
  readonly note?: string;
  /** Imports what it needs only now: a command must not pay for the others. */
  run(argument: string | undefined, values: FlagValues): Promise<void>;
}

/** Every flag that a command takes. */
export function flagsOf({ flags, moreFlags = [] }: Command): readonly Flag[] {
  return [...flags, ...moreFlags];
}
