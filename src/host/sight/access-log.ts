/**
 * One line for each call. The line is put together by hand: its shape is known, and making it must not cost more than
 * a tenth of the call (docs/decisions/0024-logging.md). It goes to where the operator's log goes.
 */
import type { KeyObject } from 'node:crypto';
import type { CallObserver, EndedCall } from '../../server/call-observer.ts';
import type { HttpObserver } from '../../transport/http/http-observer.ts';
import { CallKinds, ownJson } from './call-kind.ts';
import { IdentityHashes } from './log-identity.ts';
import { RefusalLog } from './log-refusals.ts';
import { isoTime } from './log-time.ts';
import type { OperatorLogger } from './production-logger.ts';
import { traceIdsOf } from './trace-context.ts';

export interface AccessLogOptions {
  readonly logger: OperatorLogger;
  /** Hashes subjects and sessions, so that nobody finds them by trying; default: a key of this process. */
  readonly key?: KeyObject;
  /** Lines about refused requests a second; beyond them they are counted. Default 100. */
  readonly refusalsPerSecond?: number;
}

export interface AccessLog extends CallObserver, HttpObserver {
  /** Writes what is waiting. */
  flush(): Promise<void>;
}

const HEAD = '{"level":"info","time":"';

/** @returns undefined where the level of the logger leaves out what is `info` */
export function accessLog({ logger, key, refusalsPerSecond = 100 }: AccessLogOptions): AccessLog | undefined {
  if (!logger.enabled('info')) return undefined;
  const hashes = new IdentityHashes(key);
  const kinds = new CallKinds();
  const pid = `","pid":${process.pid},`;
  const refusals = new RefusalLog(({ fields, message }) => {
    const rest = JSON.stringify({ ...fields, msg: message }).slice(1);
    logger.writeLine(`${HEAD}${isoTime()}${pid}${rest}\n`);
  }, refusalsPerSecond);
  return {
    ended: call => logger.writeLine(`${HEAD}${isoTime()}${pid}${membersOf(call, kinds, hashes)}\n`),
    refused: request => refusals.add(request),
    opened: (stream, { remoteAddress }) => logger.debug({ stream, address: remoteAddress }, 'stream opened'),
    flush: () => {
      refusals.sum();
      return logger.flush();
    },
  };
}

/** The members of a call's line, from the request id on, with the brace that closes it. */
function membersOf(
  { context, durationMs, outcome, errorCode }: EndedCall,
  kinds: CallKinds,
  hashes: IdentityHashes,
): string {
  const { peer, requestId } = context;
  const { authInfo, sessionId } = peer;
  const { what, whence } = kinds.of(context);
  let line = `"requestId":${ownJson(requestId)}${what},"outcome":"${outcome}"`;
  if (errorCode !== undefined) line += `,"error_code":${errorCode}`;
  line += `,"duration_ms":${Math.round(durationMs * 1000) / 1000}${whence}`;
  if (authInfo !== undefined) line += `,"subject":"${hashes.ofSubject(authInfo)}"`;
  if (sessionId !== undefined) line += `,"session":"${hashes.ofSession(sessionId)}"`;
  const trace = traceIdsOf(context);
  if (trace !== undefined) line += `,"trace_id":"${trace.traceId}","span_id":"${trace.spanId}"`;
  return `${line},"msg":"call"}`;
}
