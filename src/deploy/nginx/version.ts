/** What depends on the release of nginx. */

export interface NginxVersion {
  readonly text: string;
  readonly parts: readonly [number, number, number];
}

/** The oldest that the generated file is valid for: that of Debian 11 and of Ubuntu 20.04. */
export const OLDEST = '1.18.0';

/** From here on there is a directive for HTTP/2, and the parameter of `listen` is warned of. */
export const HTTP2_DIRECTIVE = '1.25.1';

/** From here on HTTP/1.1 to the server and kept connections are the default. */
export const KEEPS_CONNECTIONS = '1.29.7';

/** @returns undefined for what is no version; `nginx/1.22.1` and `1.22` are */
export function nginxVersion(text: string): NginxVersion | undefined {
  const [, major, minor, patch = '0'] = /^(?:nginx\/)?(\d{1,3})\.(\d{1,3})(?:\.(\d{1,3}))?$/.exec(text) ?? [];
  if (major === undefined) return undefined;
  const parts = [Number(major), Number(minor), Number(patch)] as const;
  return { text: parts.join('.'), parts };
}

/** Whether a release is another one or newer; false where it is not known. */
export function isAtLeast(version: NginxVersion | undefined, other: string): boolean {
  const wanted = nginxVersion(other)?.parts;
  if (version === undefined || wanted === undefined) return false;
  for (const [index, part] of version.parts.entries()) {
    const difference = part - wanted[index as 0 | 1 | 2];
    if (difference !== 0) return difference > 0;
  }
  return true;
}
