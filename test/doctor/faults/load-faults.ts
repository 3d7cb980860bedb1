/** Rows 16, 21 and 23: what is refused for how much it is, or for what is written in it. */
import type { Fault } from '../kit/fixture-request.ts';
import { type PlantedFault, planted } from '../kit/planted-fault.ts';

const WRITE = { doctor: { write: true } };

/** Lets so many calls through, and refuses the rest: calls rather than seconds, so that a slow machine finds the same. */
function limitedTo(most: number): { fault: Fault } {
  let calls = 0;
  return {
    fault: ({ message }) => {
      if (message?.params?.['name'] !== 'slipway-doctor-no-such-tool' || ++calls <= most) return undefined;
      return { status: 429, headers: { 'Retry-After': '0' }, body: 'Too Many Requests' };
    },
  };
}

const RATES: readonly PlantedFault[] = [
  planted(16, 'a burst is refused', limitedTo(20), WRITE),
  planted(
    16,
    'few registrations an hour, as the official SDK has it',
    {
      fault: async ({ url }, healthy) => {
        const answer = await healthy();
        if (url.pathname !== '/register') return answer;
        return { ...answer, headers: { ...answer.headers, 'RateLimit-Policy': '20;w=3600', 'RateLimit-Limit': '20' } };
      },
    },
    { base: { oauth: true }, ...WRITE },
  ),
];

function whereBody(matches: (body: string) => boolean, status: number, body: string): { fault: Fault } {
  const headers = { 'Content-Type': 'text/html', Server: 'front' };
  return { fault: request => (matches(request.body) ? { status, headers, body } : undefined) };
}

const ATTACK = /UNION SELECT|<script|etc\/passwd/i;

const INSPECTED: readonly PlantedFault[] = [
  planted(
    21,
    '403',
    whereBody(body => ATTACK.test(body), 403, '<html>Forbidden</html>'),
    WRITE,
  ),
  planted(
    21,
    '406',
    whereBody(body => ATTACK.test(body), 406, '<h1>Not Acceptable!</h1>'),
    WRITE,
  ),
  planted(
    21,
    'the connection is closed',
    {
      raw: (request, response) => {
        if (Number(request.headers['content-length'] ?? 0) < 150) return false;
        request.once('data', (data: Buffer) => {
          if (ATTACK.test(data.toString())) response.destroy();
          else request.unshift(data);
        });
        return false;
      },
    },
    WRITE,
  ),
  planted(
    21,
    'before sign-in',
    whereBody(body => ATTACK.test(body), 403, '<html>Forbidden</html>'),
    {
      base: { oauth: true },
      ...WRITE,
    },
  ),
];

const SIZES: readonly PlantedFault[] = [
  planted(
    23,
    '1 MB',
    whereBody(body => body.length > 1_048_576, 413, '<h1>413 Request Entity Too Large</h1>'),
    WRITE,
  ),
  planted(
    23,
    '100 kB, as Express has it',
    whereBody(body => body.length > 102_400, 413, 'PayloadTooLargeError: request entity too large'),
    WRITE,
  ),
  planted(
    23,
    'a limit that is told with 500',
    whereBody(body => body.length > 102_400, 500, 'request entity too large'),
    WRITE,
  ),
];

export const LOAD_FAULTS: readonly PlantedFault[] = [...RATES, ...INSPECTED, ...SIZES];
