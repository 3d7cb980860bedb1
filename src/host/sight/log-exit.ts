/** What has to be written when the process ends without a drain. One listener for all, however many servers there are. */
const endings = new Set<() => void>();

function endAll(): void {
  for (const end of endings) {
    try {
      end();
    } catch {
      // The others still have their lines to write.
    }
  }
}

/**
 * Has `end` called, synchronously, when the process ends (also by an uncaught exception, not by SIGKILL).
 *
 * @returns the function that takes it back
 */
export function atExit(end: () => void): () => void {
  if (endings.size === 0) process.on('exit', endAll);
  endings.add(end);
  return () => {
    endings.delete(end);
    if (endings.size === 0) process.off('exit', endAll);
  };
}
