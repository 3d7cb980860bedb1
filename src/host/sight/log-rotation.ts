import type { Logger } from '../../server/logger.ts';

/**
 * Has files opened anew when the process gets SIGUSR2, as logrotate sends it. (SIGUSR1 is Node's, SIGHUP means a reload.)
 *
 * @returns the function that ends it
 */
export function reopenOnSignal(reopen: () => Promise<void>, logger: Logger): () => void {
  const onSignal = (): void => {
    reopen().then(
      () => logger.info({}, 'log files were opened anew'),
      error => logger.error({ error }, 'log files can not be opened anew; the old ones go on'),
    );
  };
  process.on('SIGUSR2', onSignal);
  return () => process.off('SIGUSR2', onSignal);
}
