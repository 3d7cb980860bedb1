/** Runs what an author has to do when a server starts and stops. */
import { SlipwayError } from '../protocol/coded-error.ts';
import { logInternal } from '../server/fault.ts';
import { type NamedHook, runHook } from '../server/lifecycle-hooks.ts';

type Log = Parameters<typeof logInternal>[0];

/** @throws SlipwayError SLIP_HOOK_FAILED, SLIP_HOOK_TIMEOUT */
export async function startHooks(hooks: readonly NamedHook[], logger: Log): Promise<void> {
  for (const hook of hooks) {
    try {
      await runHook(hook);
    } catch (error) {
      if (error instanceof SlipwayError && error.code === 'SLIP_HOOK_TIMEOUT') throw error;
      logger.error({ hook: hook.name, error }, 'a start hook failed');
      const why = error instanceof Error ? error.message : String(error);
      throw new SlipwayError('SLIP_HOOK_FAILED', { name: hook.name, why }, { cause: error });
    }
  }
}

/** Each gets its chance, whatever the others do. */
export async function stopHooks(hooks: readonly NamedHook[], logger: Log): Promise<void> {
  for (const hook of hooks) {
    await runHook(hook).catch(error => logInternal(logger, error, { during: `stop hook ${hook.name}` }));
  }
}
