import { caddyfile } from '../caddy/caddyfile.ts';
import type { Deployment } from '../deployment.ts';
import { inFolder, type Step, stepsComment, type Target } from '../target.ts';
import { composeFile } from './compose-file.ts';
import { dockerfile, dockerignore } from './dockerfile.ts';

const FILES = ['Dockerfile', '.dockerignore', 'compose.yaml', 'Caddyfile'] as const;

function steps({ domain }: Deployment, folder: string): readonly Step[] {
  const copy = folder === '.' ? '' : `cp ${FILES.map(name => inFolder(folder, name)).join(' ')} . && `;
  return [
    {
      title: 'Install (in the folder of the server; again for each release)',
      commands: [`${copy}docker compose up --build --detach --wait`],
    },
    {
      title: 'Check',
      commands: [
        'docker compose ps && docker compose logs --tail 20',
        `curl -i https://${domain}/readyz && npx slipway doctor https://${domain}/mcp`,
      ],
    },
  ];
}

export const dockerTarget: Target = {
  name: 'docker',
  summary: 'a Dockerfile, and a compose file with Caddy in front',
  files: deployment => {
    const comment = `\n${stepsComment(steps(deployment, '.'))}\n`;
    // In the network of the compose file, the server has the name of its service.
    const inNetwork = { ...deployment, backends: [`${deployment.name}:${deployment.port}`] };
    return [
      { name: 'Dockerfile', text: `${dockerfile(deployment)}${comment}` },
      { name: '.dockerignore', text: dockerignore() },
      { name: 'compose.yaml', text: `${composeFile(deployment)}${comment}` },
      { name: 'Caddyfile', text: `${caddyfile(inNetwork)}${comment}` },
    ];
  },
  steps,
};
