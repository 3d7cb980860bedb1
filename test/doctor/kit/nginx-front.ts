/** A real nginx in front of a server of the tests, with the lines that the test wants. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { type AddressInfo, connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CommandProcess } from '../../cli/command-process.ts';
import { programPath } from '../../lifecycle/programs.ts';
import type { Running } from './running.ts';

export interface NginxLines {
  /** In `http`. */
  readonly http?: string;
  /** In `server`, in place of the location that passes everything on; `$upstream` is the server behind. */
  readonly server?: string;
  /** In the location that passes everything on, behind what makes streams pass. */
  readonly location?: string;
}

/** What a front of an MCP server has to say, and nothing else. */
const PASSES_ON = `proxy_pass http://$upstream;
      proxy_set_header Host $http_host;`;

export const STREAMS = `proxy_http_version 1.1;
      proxy_set_header Connection "";
      proxy_buffering off;`;

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await new Promise(resolve => probe.once('listening', resolve));
  const { port } = probe.address() as AddressInfo;
  await new Promise(resolve => probe.close(resolve));
  return port;
}

function configuration(folder: string, port: number, upstream: string, lines: NginxLines): string {
  const { http = '', location = STREAMS, server } = lines;
  const paths = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
    name => `${name}_temp_path ${folder}/${name};`,
  );
  const text = `daemon off; master_process off; pid ${folder}/pid; error_log ${folder}/error.log;
events { worker_connections 256; }
http {
  access_log off;
  ${paths.join(' ')}
  client_max_body_size 10m;
  ${http}
  server {
    listen 127.0.0.1:${port};
    ${server ?? `location / {\n      ${PASSES_ON}\n      ${location}\n    }`}
  }
}
`;
  return text.replaceAll('$upstream', upstream);
}

function isListening(port: number): Promise<boolean> {
  return new Promise(resolve => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.destroy();
      resolve(true);
    });
    socket.on('error', () => resolve(false));
  });
}

async function listening(port: number, nginx: CommandProcess): Promise<void> {
  for (let tries = 0; tries < 500; tries++) {
    if (nginx.child.exitCode !== null) break;
    if (await isListening(port)) return;
    await new Promise(resolve => setTimeout(resolve, 10));
  }
  throw new Error(`nginx does not listen: ${nginx.stderr}`);
}

/** Puts nginx before it; closing the front closes what is behind. */
export async function behindNginx(behind: Running, lines: NginxLines = {}): Promise<Running> {
  const folder = await mkdtemp(join(tmpdir(), 'slipway-doctor-nginx-'));
  const port = await freePort();
  const { host, pathname } = new URL(behind.url);
  await writeFile(join(folder, 'nginx.conf'), configuration(folder, port, host, lines));
  const command = [programPath('nginx')!, '-p', folder, '-c', join(folder, 'nginx.conf'), '-e', `${folder}/error.log`];
  const nginx = new CommandProcess(command);
  const close = async () => {
    nginx.child.kill('SIGTERM');
    await nginx.ended();
    await rm(folder, { recursive: true, force: true });
    await behind.close();
  };
  try {
    await listening(port, nginx);
  } catch (error) {
    await close();
    throw error;
  }
  return { ...behind, url: `http://127.0.0.1:${port}${pathname}`, close };
}
