import { type PlantedFault, planted } from '../kit/planted-fault.ts';

const HOST = 'mcp.example.com';
const PUBLIC_IPV4 = '52.84.1.1';
const PUBLIC_IPV6 = '2600:9000::1';

const base = { public: {} };

export const ADDRESS_FAULTS: readonly PlantedFault[] = [
  planted(1, 'an AAAA record only', { public: { zone: { [HOST]: { AAAA: [PUBLIC_IPV6] } } } }, { base }),
  planted(2, 'a private address', { public: { zone: { [HOST]: { A: ['10.0.0.5'] } } } }, { base }),
  planted(
    2,
    'one private address among public ones',
    { public: { zone: { [HOST]: { A: [PUBLIC_IPV4, '100.64.0.1'] } } } },
    { base },
  ),
  planted(
    2,
    'an IPv6 address of one network only',
    { public: { zone: { [HOST]: { A: [PUBLIC_IPV4], AAAA: ['fd00::1'] } } } },
    { base },
  ),
  planted(3, 'another port', { public: { port: 8443 } }, { base }),
  planted(3, 'plain http', { public: { scheme: 'http' } }, { base }),
];
