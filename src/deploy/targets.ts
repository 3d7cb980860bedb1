import { caddyTarget } from './caddy/target.ts';
import { dockerTarget } from './docker/target.ts';
import { kubernetesTarget } from './kubernetes/target.ts';
import { machineTarget } from './machine-target.ts';
import { nginxTarget } from './nginx/target.ts';
import { systemdTarget } from './systemd/target.ts';
import type { Target } from './target.ts';

export const TARGETS: readonly Target[] = [
  machineTarget,
  nginxTarget,
  systemdTarget,
  caddyTarget,
  dockerTarget,
  kubernetesTarget,
];
