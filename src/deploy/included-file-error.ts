/** What is wrong is in a file that the one asked about takes in, and whoever asks wants to know which. */
export class IncludedFileError extends Error {
  readonly file: string;
  override readonly cause: unknown;

  constructor(file: string, cause: unknown) {
    super(cause instanceof Error ? cause.message : String(cause));
    this.file = file;
    this.cause = cause;
  }
}
