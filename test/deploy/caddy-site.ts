/** Real Caddy with the file that `slipway deploy caddy` writes, on a free port and with a certificate of its own. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { caddyTarget } from '../../src/deploy/caddy/target.ts';
import { deploymentOf } from '../../src/deploy/deployment.ts';
import { CommandProcess } from '../cli/command-process.ts';
import { programPath } from '../lifecycle/programs.ts';
import { withEnvironment } from '../lifecycle/slipway-process.ts';
import { makeCertificate } from './certificate.ts';
import { DOMAIN, freePort } from './nginx-site.ts';
import { fetchThrough } from './tls-fetch.ts';

function generated(backend: string): string {
  return caddyTarget.files(deploymentOf({ domain: DOMAIN, backend }))[0]!.text;
}

/** What `caddy validate` and `caddy fmt` say of the generated file. */
export function judgement(backend: string): {
  readonly said: string;
  readonly formatted: string;
  readonly text: string;
} {
  const folder = mkdtempSync(join(tmpdir(), 'slipway-caddy-'));
  const file = join(folder, 'Caddyfile');
  const text = generated(backend);
  writeFileSync(file, text);
  const env = { ...process.env, HOME: folder, XDG_DATA_HOME: folder, XDG_CONFIG_HOME: folder };
  try {
    const caddy = programPath('caddy')!;
    const validate = '"$0" validate --adapter caddyfile --config "$1" 2>&1';
    const said = execFileSync('/bin/sh', ['-c', validate, caddy, file], { encoding: 'utf8', env });
    return { said, formatted: execFileSync(caddy, ['fmt', file], { encoding: 'utf8', env }), text };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

export class CaddySite implements AsyncDisposable {
  readonly httpsPort: number;
  readonly pem: string;
  readonly #process: CommandProcess;
  readonly #folder: string;

  private constructor(httpsPort: number, pem: string, started: CommandProcess, folder: string) {
    this.httpsPort = httpsPort;
    this.pem = pem;
    this.#process = started;
    this.#folder = folder;
  }

  static async running(backend: string): Promise<CaddySite> {
    const folder = mkdtempSync(join(tmpdir(), 'slipway-caddy-'));
    const { certificate, key, pem } = makeCertificate(folder, DOMAIN);
    const port = await freePort();
    const replace = [
      // Nobody has to be asked for a certificate, and nothing else listens.
      ['grace_period 30s', `grace_period 1s\n\tauto_https off\n\tadmin off\n\thttps_port ${port}`],
      [`\n${DOMAIN} {`, `\n${DOMAIN} {\n\tbind 127.0.0.1\n\ttls ${certificate} ${key}`],
    ] as const;
    let text = generated(backend);
    for (const [found, replacement] of replace) {
      if (!text.includes(found)) throw new Error(`the generated file has no '${found}'`);
      text = text.replace(found, replacement);
    }
    const file = join(folder, 'Caddyfile');
    writeFileSync(file, text);
    const env = { HOME: folder, XDG_DATA_HOME: folder, XDG_CONFIG_HOME: folder };
    const command = [programPath('caddy')!, 'run', '--adapter', 'caddyfile', '--config', file];
    const site = new CaddySite(port, pem, new CommandProcess(withEnvironment(env, command)), folder);
    const ask = fetchThrough(site);
    for (let tries = 0; tries < 200; tries++) {
      const answered = await ask(`https://${DOMAIN}/readyz`).then(
        () => true,
        () => false,
      );
      if (answered) return site;
      await new Promise(resolve => setTimeout(resolve, 25));
    }
    const said = site.#process.stderr;
    await site[Symbol.asyncDispose]();
    throw new Error(`Caddy does not answer: ${said}`);
  }

  /** The lines of its log of requests. */
  get accessLog(): string {
    return this.#process.stdout;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#process.child.kill('SIGTERM');
    await this.#process.ended();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
