import type { Deployment } from '../deployment.ts';
import { inFolder, type Step, stepsComment, type Target } from '../target.ts';
import { ingress, networkPolicy, service } from './network.ts';
import { autoscaler, disruptionBudget } from './scaling.ts';
import { secretName, serviceAccount, workload } from './workload.ts';

const FILE = 'kubernetes.yaml';

function head({ domain }: Deployment): string {
  return `# The MCP server ${domain} in Kubernetes 1.27 and later. Written by slipway deploy kubernetes.
#
# One file, so that one command brings all of it: pods, the way in, scaling, and what may talk to what. The image is the one
# of slipway deploy docker.
`;
}

function steps(deployment: Deployment, folder: string): readonly Step[] {
  const { domain, image, name } = deployment;
  const file = inFolder(folder, FILE);
  return [
    { title: 'The image', commands: [`docker build --tag ${image} . && docker push ${image}`] },
    {
      title: 'Its secrets, once',
      commands: [
        `kubectl create secret generic ${secretName(deployment)} --from-literal=slipway-secrets="$(openssl rand -base64 48)"`,
      ],
    },
    {
      title: 'Install (again for each release)',
      commands: [
        `kubectl apply --server-side --dry-run=server -f ${file} && kubectl apply --server-side -f ${file} && kubectl rollout status deployment/${name}`,
      ],
    },
    {
      title: 'Check',
      commands: [
        `kubectl get pods,ingress -l app.kubernetes.io/name=${name}`,
        `curl -i https://${domain}/readyz && npx slipway doctor https://${domain}/mcp`,
      ],
    },
  ];
}

export const kubernetesTarget: Target = {
  name: 'kubernetes',
  summary: 'manifests: deployment, service, ingress, autoscaler, disruption budget, network policy',
  files: deployment => {
    const objects = [serviceAccount, workload, service, ingress, autoscaler, disruptionBudget, networkPolicy];
    const text = [head(deployment), ...objects.map(object => object(deployment))].join('---\n');
    return [{ name: FILE, text: `${text}\n${stepsComment(steps(deployment, '.'))}\n` }];
  },
  steps,
};
