/** What a service manager (systemd) gives to the process that it starts. Nothing of it is imported without need. */
import type { ServiceNotify } from '../host/process/service-notify.ts';
import type { InheritedSockets } from '../host/process/socket-activation.ts';
import type { Logger } from '../server/logger.ts';

/** The sockets that this process was started with, if any. */
export async function activation(logger: Logger): Promise<InheritedSockets | undefined> {
  if (process.env['LISTEN_FDS'] === undefined) return undefined;
  const { inheritedSockets } = await import('../host/process/socket-activation.ts');
  return inheritedSockets(process.env, process.pid, text => logger.warn({}, text));
}

/** The service manager that waits for news, if any. */
export async function serviceManager(logger: Logger): Promise<ServiceNotify | undefined> {
  if (process.env['NOTIFY_SOCKET'] === undefined) return undefined;
  return (await import('../host/process/service-notify.ts')).ServiceNotify.fromEnvironment(logger);
}

/** Has log files opened anew at the signal of whoever has moved them away. */
export async function reopenLogs(reopen: () => Promise<void>, logger: Logger): Promise<void> {
  (await import('../host/sight/log-rotation.ts')).reopenOnSignal(reopen, logger);
}
