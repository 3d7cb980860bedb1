/** `slipway deploy --check`: what is wrong with a file that exists already. */
import { readFileSync } from 'node:fs';
import { relative, resolve } from 'node:path';
import { SlipwayError } from '../protocol/coded-error.ts';
import { fileErrorCode, fileFault } from '../state/file-fault.ts';
import { type Finding, findingsOf, type Rule } from './finding.ts';
import { IncludedFileError } from './included-file-error.ts';
import { readConfiguration } from './nginx/read-configuration.ts';
import { NGINX_RULES } from './nginx/rules/nginx-rules.ts';
import { NginxSyntaxError } from './nginx/tokens.ts';
import type { NginxVersion } from './nginx/version.ts';
import { readUnit } from './systemd/read-unit.ts';
import { SERVICE_RULES } from './systemd/service-rules.ts';
import { SOCKET_RULES } from './systemd/socket-rules.ts';
import { type Unit, UnitSyntaxError } from './systemd/unit.ts';
import { visibleText } from './visible-text.ts';

export type FileKind = 'nginx' | 'service' | 'socket';

export const KIND_NAMES: Readonly<Record<FileKind, string>> = {
  nginx: 'a configuration of nginx',
  service: 'a service unit of systemd',
  socket: 'a socket unit of systemd',
};

export interface Checked {
  /** As it was given. */
  readonly file: string;
  readonly kind: FileKind;
  readonly findings: readonly Finding[];
}

/** `mcp-server.service.d/override.conf` */
const DROP_IN = /\.d\/[^/]*\.conf$/;

/** Told by the name, else by the first thing that is no comment: only units have sections. */
export function kindOf(file: string, text: string): FileKind {
  const unit = file.replace(DROP_IN, '');
  if (unit.endsWith('.service')) return 'service';
  if (unit.endsWith('.socket')) return 'socket';
  const first = text.split('\n').find(line => !/^\s*([#;]|$)/.test(line)) ?? '';
  if (!/^\s*\[\w+\]\s*$/.test(first)) return 'nginx';
  return /^\s*\[Socket\]\s*$/m.test(text) ? 'socket' : 'service';
}

function textOf(file: string): string {
  try {
    return readFileSync(resolve(file), 'utf8');
  } catch (error) {
    const shown = relative('', resolve(file)) || '.';
    if (fileErrorCode(error) === 'ENOENT') throw new SlipwayError('SLIP_CLI_FILE_MISSING', { file: shown });
    throw new SlipwayError('SLIP_CLI_FILE_BROKEN', { file: shown, why: fileFault(error) }, { cause: error });
  }
}

/** What a drop-in does not say, its unit may. */
function ofUnit(rules: readonly Rule<Unit>[], file: string, text: string): Finding[] {
  const findings = findingsOf(rules, readUnit(resolve(file), text));
  return DROP_IN.test(file) ? findings.filter(({ line }) => line !== undefined) : findings;
}

/** @throws NginxSyntaxError, IncludedFileError, UnitSyntaxError */
function examine(kind: FileKind, file: string, text: string, version: NginxVersion | undefined): Finding[] {
  switch (kind) {
    case 'nginx':
      return findingsOf(NGINX_RULES, readConfiguration(resolve(file), text, version));
    case 'service':
      return ofUnit(SERVICE_RULES, file, text);
    case 'socket':
      return ofUnit(SOCKET_RULES, file, text);
  }
}

function syntaxError(file: string, kind: FileKind, error: NginxSyntaxError | UnitSyntaxError): SlipwayError {
  const why = `line ${error.line}: ${visibleText(error.message)}`;
  return new SlipwayError('SLIP_DEPLOY_SYNTAX', { file, kind: KIND_NAMES[kind], why }, { cause: error });
}

/**
 * Checks the text of a file.
 *
 * @param file its name or path, for its kind and for what it takes in: included files, drop-ins
 * @param version of the nginx that it is for; undefined for any
 * @throws SlipwayError `SLIP_DEPLOY_SYNTAX`
 */
export function checkText(file: string, text: string, version?: NginxVersion): Checked {
  const kind = kindOf(file, text);
  try {
    return { file, kind, findings: examine(kind, file, text, version) };
  } catch (error) {
    if (error instanceof NginxSyntaxError || error instanceof UnitSyntaxError) throw syntaxError(file, kind, error);
    if (error instanceof IncludedFileError) {
      const { cause } = error;
      if (cause instanceof NginxSyntaxError || cause instanceof UnitSyntaxError)
        throw syntaxError(error.file, kind, cause);
    }
    throw error;
  }
}

/**
 * Checks a file.
 *
 * @throws SlipwayError `SLIP_CLI_FILE_MISSING`, `SLIP_CLI_FILE_BROKEN`, `SLIP_DEPLOY_SYNTAX`
 */
export function checkFile(file: string, version?: NginxVersion): Checked {
  return checkText(file, textOf(file), version);
}
