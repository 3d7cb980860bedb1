const REASONS: Readonly<Record<string, string>> = {
  EACCES: 'permission is denied',
  EPERM: 'permission is denied',
  EROFS: 'the file system is read-only',
  ENOENT: 'it does not exist',
  ENOTDIR: 'a part of its path is no directory',
  EISDIR: 'it is a directory',
  EEXIST: 'a file of that name is in the way',
  ENOSPC: 'the disk is full',
};

/** The code of a failed file operation; undefined for other errors. */
export function fileErrorCode(error: unknown): string | undefined {
  return error instanceof Error && 'syscall' in error && 'code' in error ? String(error.code) : undefined;
}

/** The reason of a failed file operation, in words. */
export function fileFault(error: unknown): string {
  const code = fileErrorCode(error);
  if (code === undefined) return error instanceof Error ? error.message : String(error);
  return REASONS[code] ?? `the file system reports ${code}`;
}
