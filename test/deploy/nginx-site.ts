/** Real nginx with the file that `slipway deploy nginx` writes, on free ports and with a certificate of its own. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { networkInterfaces, tmpdir, userInfo } from 'node:os';
import { delimiter, join } from 'node:path';
import { type Deployment, deploymentOf } from '../../src/deploy/deployment.ts';
import { nginxTarget } from '../../src/deploy/nginx/target.ts';
import { CommandProcess } from '../cli/command-process.ts';
import { programPath } from '../lifecycle/programs.ts';
import { makeCertificate } from './certificate.ts';

export const DOMAIN = 'mcp.example.com';

/** The nginx of the system, and those that $SLIPWAY_TEST_NGINX names besides. */
export function nginxPrograms(): string[] {
  const others = (process.env['SLIPWAY_TEST_NGINX'] ?? '').split(delimiter).filter(path => path !== '');
  const own = programPath('nginx');
  return own === undefined ? others : [own, ...others];
}

/** `1.22.1` */
export function versionOf(program: string): string {
  const said = execFileSync('/bin/sh', ['-c', '"$0" -v 2>&1', program], { encoding: 'utf8' });
  return /nginx\/([\d.]+)/.exec(said)![1]!;
}

export async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await new Promise(resolve => probe.once('listening', resolve));
  const { port } = probe.address() as AddressInfo;
  await new Promise(resolve => probe.close(resolve));
  return port;
}

function hasIpv6(): boolean {
  return Object.values(networkInterfaces()).some(list => list?.some(({ address }) => address === '::1'));
}

export interface SiteOptions {
  /** `127.0.0.1:8087,...` */
  readonly backend: string;
  readonly program?: string;
  readonly nginxVersion?: string;
  /** Changes of the generated text, such as shorter times; each has to be found in it. */
  readonly replace?: readonly (readonly [found: string, replacement: string])[];
  /** Default: mcp.example.com. */
  readonly domain?: string;
}

/** What surrounds a site: as hostile to streams as an nginx.conf can be. */
function surroundings(folder: string, site: string, httpPort: number): string {
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
    name => `${name}_temp_path ${folder}/${name};`,
  );
  return `daemon off;
worker_processes 1;
${userInfo().uid === 0 ? 'user root;' : ''}
pid ${folder}/pid;
error_log ${folder}/error.log info;
events { worker_connections 1024; }
http {
  ${temporary.join('\n  ')}
  gzip on;
  gzip_types *;
  gzip_proxied any;
  gzip_min_length 1;
  include ${site};
  # As on Debian, another site is on the port: only then nginx looks at names.
  server { listen 127.0.0.1:${httpPort}; server_name other.example.com; }
}
`;
}

export class NginxSite implements AsyncDisposable {
  readonly httpPort: number;
  readonly httpsPort: number;
  /** Of the certificate. */
  readonly pem: string;
  readonly folder: string;
  readonly #main: string;
  readonly #program: string;
  #process: CommandProcess | undefined;

  private constructor(program: string, folder: string, main: string, pem: string, ports: readonly [number, number]) {
    this.#program = program;
    this.folder = folder;
    this.#main = main;
    this.pem = pem;
    [this.httpPort, this.httpsPort] = ports;
  }

  /** Writes the files. */
  static async prepared({
    backend,
    program,
    nginxVersion,
    replace = [],
    domain = DOMAIN,
  }: SiteOptions): Promise<NginxSite> {
    const folder = mkdtempSync(join(tmpdir(), 'slipway-site-'));
    const { certificate, key, pem } = makeCertificate(folder, DOMAIN);
    const given = { certificate, 'certificate-key': key, 'acme-root': folder, 'nginx-version': nginxVersion };
    const deployment: Deployment = deploymentOf({ domain, backend, ...given });
    const ports = [await freePort(), await freePort()] as const;
    let text = nginxTarget.files(deployment)[0]!.text;
    const ipv6 = hasIpv6() ? '[::1]' : '127.0.0.2';
    const places: readonly (readonly [string, string])[] = [
      ['listen 80;', `listen 127.0.0.1:${ports[0]};`],
      ['listen [::]:80;', `listen ${ipv6}:${ports[0]};`],
      ['listen 443 ', `listen 127.0.0.1:${ports[1]} `],
      ['listen [::]:443 ', `listen ${ipv6}:${ports[1]} `],
      ['/var/log/nginx/access.log', join(folder, 'access.log')],
    ];
    for (const [found, replacement] of [...places, ...replace]) {
      if (!text.includes(found)) throw new Error(`the generated file has no '${found}'`);
      text = text.replaceAll(found, replacement);
    }
    const site = join(folder, 'site.conf');
    writeFileSync(site, text);
    const main = join(folder, 'nginx.conf');
    writeFileSync(main, surroundings(folder, site, ports[0]));
    return new NginxSite(program ?? programPath('nginx')!, folder, main, pem, ports);
  }

  static async running(options: SiteOptions): Promise<NginxSite> {
    const site = await NginxSite.prepared(options);
    try {
      await site.#start();
    } catch (error) {
      await site[Symbol.asyncDispose]();
      throw error;
    }
    return site;
  }

  get #arguments(): string[] {
    return ['-p', this.folder, '-c', this.#main, '-e', join(this.folder, 'error.log')];
  }

  /** What `nginx -t` says. */
  test(): { ok: boolean; said: string } {
    const command = '"$0" "$@" -t 2>&1';
    try {
      const said = execFileSync('/bin/sh', ['-c', command, this.#program, ...this.#arguments], { encoding: 'utf8' });
      return { ok: true, said };
    } catch (error) {
      return { ok: false, said: String((error as { stdout?: string }).stdout) };
    }
  }

  async #start(): Promise<void> {
    const started = new CommandProcess([this.#program, ...this.#arguments]);
    this.#process = started;
    for (let tries = 0; tries < 200; tries++) {
      const answered = await fetch(`http://127.0.0.1:${this.httpPort}/`, { redirect: 'manual' }).then(
        () => true,
        () => false,
      );
      if (answered) return;
      await new Promise(resolve => setTimeout(resolve, 25));
    }
    throw new Error(`nginx does not answer: ${started.stderr}${this.errorLog}`);
  }

  get accessLog(): string {
    return readFileSync(join(this.folder, 'access.log'), 'utf8');
  }

  get errorLog(): string {
    return readFileSync(join(this.folder, 'error.log'), 'utf8');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    // Not by force: it has a worker process that has to end with it.
    this.#process?.child.kill('SIGTERM');
    await this.#process?.ended();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
