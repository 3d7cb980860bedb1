/** Paths that a service of ours can not see, or that systemd keeps for its state. */

/** ProtectHome=, PrivateTmp=, PrivateDevices= and ProtectProc= hide them, or most of what is in them. */
const HIDDEN = /^\/(home|root|run\/user|tmp|var\/tmp|dev|proc)(\/|$)/;

export function isHiddenFromService(path: string): boolean {
  return HIDDEN.test(path);
}

/** Whether a path is one of the folders that systemd makes for a service of that name, or below one. */
export function isFolderOfService(path: string, name: string): boolean {
  return ['/var/lib', '/var/log', '/run'].some(parent => `${path}/`.startsWith(`${parent}/${name}/`));
}
