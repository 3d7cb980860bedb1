import type { Front } from './front.ts';

const language = 'ts';

export const slipway: Front = {
  name: 'Slipway',
  recognise: (_, body) => /"code":"SLIP_[A-Z_]+"/.test(body),
  snippets: [
    {
      rows: [16],
      language,
      text: `// slipway.config.ts: the front's address is not the caller's.
export default { trustedProxies: ['loopback', 'private'] };`,
    },
    { rows: [19], language, text: `export default { allowedHosts: ['mcp.example.com'] };` },
    { rows: [42], language, text: `export default { sessions: 'optional' };` },
    {
      rows: [43, 44, 45],
      language,
      text: `// One directory for all processes of a machine: sessions outlive each of them.
export default { stateDir: '/var/lib/mcp' };`,
    },
    { rows: [47], language, text: 'export default { toolTimeoutMs: 55_000 };' },
    { rows: [57], language, text: `export default { publicUrl: 'https://mcp.example.com/mcp' };` },
    { rows: [100], language, text: 'export default { maxResultChars: 140_000 };' },
  ],
};
