import type { Deployment } from '../deployment.ts';
import { shellWord } from '../shell-word.ts';
import { inFolder, type Step, stepsComment, type Target } from '../target.ts';
import { credentialName, serviceUnit } from './service-unit.ts';
import { socketUnit } from './socket-unit.ts';

/** The steps of a machine that has nothing yet but the files of the server. */
export function serviceSteps(deployment: Deployment, folder: string): readonly Step[] {
  const { name, directory, user, node } = deployment;
  const units = ['service', 'socket'].map(kind => inFolder(folder, `${name}.${kind}`)).join(' ');
  const credential = `/etc/credstore/${credentialName(deployment)}`;
  // Everybody may read what is there, so secrets stay behind; with the state, and with what is made anew.
  const left = ['./node_modules', './.git', './.slipway', './.env*', '*.pem', '*.key'];
  const files = `${left.map(path => `--exclude=${shellWord(path)}`).join(' ')} .`;
  const userLine =
    user === undefined ? '' : `sudo useradd --system --no-create-home --shell /usr/sbin/nologin ${user}; `;
  return [
    {
      title: 'Put the server in its place (in its own folder; again for each release)',
      commands: [
        `${node} --version && sudo mkdir -p ${directory} && tar -c ${files} | sudo tar -x --no-same-owner -C ${directory} && sudo npm ci --omit=dev --prefix ${directory} && sudo chmod -R a+rX ${directory}`,
      ],
    },
    {
      title: 'Install the service, with secrets of its own',
      commands: [
        `${userLine}sudo install -d -m 700 /etc/credstore && { sudo test -e ${credential} || openssl rand -base64 48 | sudo install -m 600 /dev/stdin ${credential}; } && sudo cp ${units} /etc/systemd/system/ && sudo systemctl daemon-reload && sudo systemctl enable --now ${name}.socket ${name}.service`,
      ],
    },
  ];
}

export function serviceChecks({ name, port, domain }: Deployment): readonly string[] {
  return [
    `systemctl status ${name} && journalctl -u ${name} -n 20`,
    `systemd-analyze security ${name}`,
    `curl -i -H 'Host: ${domain}' http://127.0.0.1:${port}/readyz`,
  ];
}

function steps(deployment: Deployment, folder: string): readonly Step[] {
  return [...serviceSteps(deployment, folder), { title: 'Check', commands: serviceChecks(deployment) }];
}

export const systemdTarget: Target = {
  name: 'systemd',
  summary: 'a service and its socket: started, watched, restarted, hardened',
  files: deployment => [
    {
      name: `${deployment.name}.service`,
      text: `${serviceUnit(deployment)}\n${stepsComment(steps(deployment, '.'))}\n`,
    },
    {
      name: `${deployment.name}.socket`,
      text: `${socketUnit(deployment)}\n${stepsComment(steps(deployment, '.').slice(1))}\n`,
    },
  ],
  steps,
};
