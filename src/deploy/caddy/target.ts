import type { Deployment } from '../deployment.ts';
import { inFolder, type Step, stepsComment, type Target } from '../target.ts';
import { caddyfile } from './caddyfile.ts';

const FILE = 'Caddyfile';

function steps({ domain }: Deployment, folder: string): readonly Step[] {
  return [
    {
      title: 'Install',
      commands: [
        `sudo apt-get update && sudo apt-get install -y caddy && sudo cp ${inFolder(folder, FILE)} /etc/caddy/Caddyfile && sudo caddy validate --config /etc/caddy/Caddyfile && sudo systemctl reload caddy`,
      ],
    },
    { title: 'Check', commands: [`curl -i https://${domain}/readyz && npx slipway doctor https://${domain}/mcp`] },
  ];
}

export const caddyTarget: Target = {
  name: 'caddy',
  summary: 'a Caddyfile: TLS by itself, streams, several servers',
  files: deployment => [{ name: FILE, text: `${caddyfile(deployment)}\n${stepsComment(steps(deployment, '.'))}\n` }],
  steps,
};
