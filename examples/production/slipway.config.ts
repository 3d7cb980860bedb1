// What holds wherever this server runs. What differs (the public URL, the trusted proxies, the state directory) comes from
// the environment: deploy/ has a unit that sets it. `slipway config` prints what is in effect, and where it comes from.
import { join } from 'node:path';
import { defineConfig } from 'slipway';

// systemd names the folder that it has made for the logs of the service; elsewhere there is no audit.
const { LOGS_DIRECTORY } = process.env;

export default defineConfig({
  // Who called what: one line for each call, apart from the log, because it has names in it.
  auditFile: LOGS_DIRECTORY === undefined ? 'off' : join(LOGS_DIRECTORY, 'audit.jsonl'),
  auditArguments: 'hash',

  // /metrics, and /healthz and /readyz with reasons; on 127.0.0.1, not for the proxy in front.
  adminPort: 9464,

  // Of one caller with a token.
  rateLimitPerPrincipal: '600/1m',
  // Of one address without a token. Generous: all users of Claude come from a few addresses.
  rateLimitPerAddress: '1200/1m',
  maxConcurrentPerCaller: 50,

  // No tool here takes longer, or has more to say.
  toolTimeoutMs: 10_000,
  maxResultChars: 100_000,
});
