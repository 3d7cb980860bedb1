import { nginxTarget } from './nginx/target.ts';
import { serviceChecks, serviceSteps, systemdTarget } from './systemd/target.ts';
import type { Target } from './target.ts';

/** systemd and nginx together: from a server file to a service behind TLS on a machine of one's own. */
export const machineTarget: Target = {
  name: 'machine',
  summary: 'systemd and nginx: all of a machine of your own',
  files: deployment => [...systemdTarget.files(deployment), ...nginxTarget.files(deployment)],
  steps: (deployment, folder) => {
    const nginxSteps = nginxTarget.steps(deployment, folder);
    const check = nginxSteps.at(-1)!;
    return [
      ...serviceSteps(deployment, folder),
      ...nginxSteps.slice(0, -1),
      { title: check.title, commands: [serviceChecks(deployment)[0]!, ...check.commands] },
    ];
  },
};
