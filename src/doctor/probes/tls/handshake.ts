/** Row 4: no TLS connection comes about. */
import { fact } from '../../evidence.ts';
import type { Examination } from '../../examination.ts';
import { reach } from '../../observations/reach.ts';
import type { Probe } from '../../probe.ts';

/** Versions that clients no longer speak. */
const OLD_VERSIONS = ['TLSv1.1', 'TLSv1'] as const;

/** The old version that the server speaks instead, if it is that. */
async function oldVersion({ network, url, limits }: Examination): Promise<string | undefined> {
  for (const version of OLD_VERSIONS) {
    const signal = AbortSignal.timeout(limits.exchangeMs);
    const open = await network.connect(url, { signal, version }).catch(() => undefined);
    open?.socket.destroy();
    if (open !== undefined) return version;
  }
  return undefined;
}

/** Whether the port answers a request that is not encrypted. */
async function speaksPlainHttp(examination: Examination): Promise<boolean> {
  const plain = new URL(examination.url);
  plain.protocol = 'http:';
  plain.port = examination.url.port || '443';
  const { response } = await examination.exchange({ url: plain, headOnly: true });
  return response !== undefined;
}

export const handshake: Probe = {
  name: 'TLS handshake',
  stage: 'tls',
  rows: [4],
  async run(examination) {
    const { failure } = await reach(examination);
    if (failure?.phase !== 'tls') return [];
    const evidence = [fact(`${examination.url.hostname}: ${failure.message}`)];
    const version = await oldVersion(examination);
    if (version !== undefined) {
      return [{ row: 4, evidence, note: `The server speaks ${version} and nothing newer.` }];
    }
    const note = (await speaksPlainHttp(examination)) ? 'The port speaks http, without TLS.' : undefined;
    return [{ row: 4, evidence, ...(note !== undefined && { note }) }];
  },
};
