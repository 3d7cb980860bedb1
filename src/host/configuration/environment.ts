/** Which variables of the environment are Slipway's own, and which only look like it. */

const PREFIX = 'SLIPWAY_';

/** `SLIPWAY_INTERNAL_`: what processes of one server tell each other. `SLIPWAY_CHAOS_`: what tests of a checkout use. */
const RESERVED = ['SLIPWAY_INTERNAL_', 'SLIPWAY_CHAOS_'];

/**
 * In every pod, Kubernetes describes a service named `slipway` (or `slipway-admin`) in variables of these names: not a
 * word to us, and no mistake of anybody's.
 */
const OF_KUBERNETES = /_(SERVICE_HOST|SERVICE_PORT(_\w+)?|PORT_\d+_(TCP|UDP|SCTP)(_(PROTO|PORT|ADDR))?)$/;
const OF_KUBERNETES_PORT = /^(tcp|udp|sctp):\/\//;

/** The variables that begin with `SLIPWAY_` and mean something; an empty one counts as not set. */
export function ownVariables(env: NodeJS.ProcessEnv): Map<string, string> {
  const own = new Map<string, string>();
  for (const name of Object.keys(env)) {
    if (!name.startsWith(PREFIX) || RESERVED.some(reserved => name.startsWith(reserved))) continue;
    const text = env[name];
    if (text === undefined || (text === '' && !name.startsWith('SLIPWAY_SECRETS'))) continue;
    if (isOfKubernetes(name, text, env)) continue;
    own.set(name, text);
  }
  return own;
}

function isOfKubernetes(name: string, text: string, env: NodeJS.ProcessEnv): boolean {
  if (OF_KUBERNETES.test(name)) return true;
  // This one has the name of a setting: SLIPWAY_PORT=tcp://10.0.0.1:8087.
  const service = name.replace(/_PORT$/, '_SERVICE_HOST');
  return service !== name && env[service] !== undefined && OF_KUBERNETES_PORT.test(text);
}
