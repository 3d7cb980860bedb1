/** A server whose log, access log and audit trail are files, over a real socket, until the test ends. */
import { createSecretKey } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import type { AuthInfo, McpServer } from 'slipway';
import { type CreateMcpHandlerOptions, endpointOf } from '../../src/host/mcp-handler.ts';
import { type AccessLog, accessLog } from '../../src/host/sight/access-log.ts';
import { type AuditTrail, type AuditTrailOptions, auditTrail } from '../../src/host/sight/audit-trail.ts';
import { type LogLevel, type OperatorLogger, productionLogger } from '../../src/host/sight/production-logger.ts';
import { composeObservers } from '../../src/server/call-observer.ts';
import { nodeHandler } from '../../src/transport/http/node-handler.ts';

// biome-ignore lint/suspicious/noExplicitAny: lines of every shape
export type Line = any;

export interface LoggedServer {
  readonly url: string;
  readonly logger: OperatorLogger;
  readonly access: AccessLog;
  readonly audit: AuditTrail;
  /** Everything that was written, of log and access log. */
  logText(): Promise<string>;
  logLines(): Promise<Line[]>;
  auditText(): Promise<string>;
  auditLines(): Promise<Line[]>;
}

export interface LoggedServerOptions extends CreateMcpHandlerOptions {
  /** Who is asking, as a guard in front would say. */
  readonly auth?: (request: IncomingMessage) => AuthInfo | undefined;
  readonly level?: LogLevel;
  readonly key?: string;
  readonly refusalsPerSecond?: number;
  readonly auditing?: Partial<AuditTrailOptions>;
}

export function linesIn(text: string): Line[] {
  return text
    .split('\n')
    .filter(line => line !== '')
    .map(line => JSON.parse(line));
}

export async function loggedServer(
  t: TestContext,
  server: McpServer,
  { auth, level = 'debug', key, refusalsPerSecond, auditing, ...options }: LoggedServerOptions = {},
): Promise<LoggedServer> {
  const directory = mkdtempSync(join(tmpdir(), 'slipway-sight-'));
  const logFile = join(directory, 'server.log');
  const auditFile = join(directory, 'audit.log');
  const logger = productionLogger({ level, destination: logFile });
  const keyed = key === undefined ? {} : { key: createSecretKey(Buffer.from(key)) };
  const access = accessLog({ logger, ...keyed, ...(refusalsPerSecond !== undefined && { refusalsPerSecond }) })!;
  const audit = auditTrail({ file: auditFile, logger, ...keyed, ...auditing });
  const additions = { calls: composeObservers([access, audit]), http: access };
  const { endpoint, release } = endpointOf(server, { sessions: 'optional', logger, ...options }, additions);
  const answer = nodeHandler(endpoint);
  const http = createServer((request, response) => {
    const authInfo = auth?.(request);
    if (authInfo !== undefined) Object.assign(request, { auth: authInfo });
    answer(request, response);
  });
  await new Promise<void>(resolve => http.listen(0, '127.0.0.1', resolve));
  t.after(async () => {
    await endpoint.stop(0);
    http.closeAllConnections();
    await new Promise(resolve => http.close(resolve));
    await release();
    await audit.close();
    await logger.close();
    rmSync(directory, { recursive: true, force: true });
  });
  const logText = async (): Promise<string> => {
    await access.flush();
    return readFileSync(logFile, 'utf8');
  };
  const auditText = async (): Promise<string> => {
    await audit.flush();
    return readFileSync(auditFile, 'utf8');
  };
  return {
    url: `http://127.0.0.1:${(http.address() as AddressInfo).port}/mcp`,
    logger,
    access,
    audit,
    logText,
    auditText,
    logLines: async () => linesIn(await logText()),
    auditLines: async () => linesIn(await auditText()),
  };
}
