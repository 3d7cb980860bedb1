/** nginx as a process of its own in front of a port, configured as docs/guides/run-as-a-service.md says. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CommandProcess } from '../cli/command-process.ts';
import { programPath } from './programs.ts';

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await new Promise(resolve => probe.once('listening', resolve));
  const { port } = probe.address() as AddressInfo;
  await new Promise(resolve => probe.close(resolve));
  return port;
}

/** The keep-alive towards the server ends before the lame-duck window of the server does. */
function configuration(folder: string, port: number, upstream: number): string {
  return `
daemon off;
worker_processes 1;
pid ${folder}/pid;
error_log ${folder}/error.log warn;
events { worker_connections 1024; }
http {
  access_log off;
  client_body_temp_path ${folder}/body;
  proxy_temp_path ${folder}/proxy;
  fastcgi_temp_path ${folder}/fastcgi;
  uwsgi_temp_path ${folder}/uwsgi;
  scgi_temp_path ${folder}/scgi;
  keepalive_requests 1000000;
  upstream mcp {
    server 127.0.0.1:${upstream};
    keepalive 64;
    keepalive_requests 1000000;
    keepalive_timeout 200ms;
  }
  server {
    listen 127.0.0.1:${port};
    location / {
      proxy_pass http://mcp;
      proxy_http_version 1.1;
      proxy_set_header Connection "";
      proxy_set_header Host $http_host;
      proxy_buffering off;
    }
  }
}
`;
}

export class Nginx implements AsyncDisposable {
  readonly port: number;
  readonly #process: CommandProcess;
  readonly #folder: string;

  private constructor(port: number, started: CommandProcess, folder: string) {
    this.port = port;
    this.#process = started;
    this.#folder = folder;
  }

  static async before(upstream: number): Promise<Nginx> {
    const folder = await mkdtemp(join(tmpdir(), 'slipway-nginx-'));
    const port = await freePort();
    const file = join(folder, 'nginx.conf');
    await writeFile(file, configuration(folder, port, upstream));
    const started = new CommandProcess([
      programPath('nginx')!,
      '-p',
      folder,
      '-c',
      file,
      '-e',
      join(folder, 'error.log'),
    ]);
    const nginx = new Nginx(port, started, folder);
    for (let tries = 0; tries < 100; tries++) {
      const answered = await fetch(`http://127.0.0.1:${port}/healthz`).then(
        ({ status }) => status === 200,
        () => false,
      );
      if (answered) return nginx;
      await new Promise(resolve => setTimeout(resolve, 50));
    }
    await nginx[Symbol.asyncDispose]();
    throw new Error(`nginx does not answer: ${started.stderr}`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    // SIGTERM rather than the end by force: it has a worker process of its own.
    this.#process.child.kill('SIGTERM');
    await this.#process.ended();
    await rm(this.#folder, { recursive: true, force: true });
  }
}
