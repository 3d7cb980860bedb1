/** `--connect-to host:port:address:port`, with the meaning that curl gives it. */
import { SlipwayError } from '../../protocol/coded-error.ts';

export interface ConnectTo {
  /** Empty: any host. */
  readonly host: string;
  /** Undefined: any port. */
  readonly port: number | undefined;
  /** Where to connect instead; empty: the host itself. */
  readonly toHost: string;
  /** Undefined: the port itself. */
  readonly toPort: number | undefined;
}

const PART = String.raw`(\[[^\]]*\]|[^:\[\]]*)`;
const SHAPE = new RegExp(`^${PART}:(\\d*):${PART}:(\\d*)$`);

function port(text: string): number | undefined {
  return text === '' ? undefined : Number(text);
}

function bare(host: string): string {
  return host.replace(/^\[|\]$/g, '').toLowerCase();
}

/**
 * @param text `mcp.example.com:443:127.0.0.1:8443`; any of the four may be empty, IPv6 addresses stand in brackets
 * @throws SlipwayError `SLIP_CLI_USAGE`
 */
export function parseConnectTo(text: string): ConnectTo {
  const [, host, fromPort, toHost, toPort] = SHAPE.exec(text) ?? [];
  if (host === undefined || Number(fromPort) > 65_535 || Number(toPort) > 65_535) {
    const why = `--connect-to takes host:port:address:port, such as mcp.example.com:443:127.0.0.1:8443, not '${text}'`;
    throw new SlipwayError('SLIP_CLI_USAGE', { why });
  }
  return { host: bare(host), port: port(fromPort!), toHost: bare(toHost!), toPort: port(toPort!) };
}

/** Where a connection to `host:port` goes; undefined when no rule speaks of it. */
export function redirected(
  rules: readonly ConnectTo[],
  host: string,
  toward: number,
): { host: string; port: number } | undefined {
  const rule = rules.find(
    given => (given.host === '' || given.host === bare(host)) && (given.port === undefined || given.port === toward),
  );
  if (rule === undefined) return undefined;
  return { host: rule.toHost === '' ? bare(host) : rule.toHost, port: rule.toPort ?? toward };
}
