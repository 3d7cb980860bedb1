import type { Deployment } from '../deployment.ts';
import { inFolder, type Step, stepsComment, type Target } from '../target.ts';
import { nginxSite } from './site.ts';

function fileName({ name }: Deployment): string {
  return `${name}.conf`;
}

function steps(deployment: Deployment, folder: string): readonly Step[] {
  const { domain, acmeRoot, certbot, name } = deployment;
  const file = inFolder(folder, fileName(deployment));
  const certificate: Step = {
    title: 'A certificate, renewed by itself (the name has to lead to this machine)',
    commands: [
      `sudo apt-get update && sudo apt-get install -y nginx certbot && sudo certbot certonly --webroot -w ${acmeRoot} -d ${domain} --deploy-hook 'systemctl reload nginx'`,
    ],
  };
  return [
    ...(certbot ? [certificate] : []),
    {
      title: 'Install the site',
      commands: [`sudo cp ${file} /etc/nginx/conf.d/${name}.conf && sudo nginx -t && sudo systemctl reload nginx`],
    },
    {
      title: 'Check',
      commands: [
        `npx slipway deploy --check /etc/nginx/conf.d/${name}.conf`,
        `curl -i https://${domain}/readyz && npx slipway doctor https://${domain}/mcp`,
      ],
    },
  ];
}

export const nginxTarget: Target = {
  name: 'nginx',
  summary: 'a site of nginx: TLS, HTTP/2, streams, several servers',
  files: deployment => [
    {
      name: fileName(deployment),
      text: `${nginxSite(deployment)}\n${stepsComment(steps(deployment, '.'))}\n`,
    },
  ],
  steps,
};
