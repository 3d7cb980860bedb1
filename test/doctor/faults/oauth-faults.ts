import { type PlantedFault, planted } from '../kit/planted-fault.ts';

const base = { oauth: true };

export const OAUTH_FAULTS: readonly PlantedFault[] = [
  planted(
    49,
    '401 without a pointer, and no metadata anywhere',
    {
      fault: ({ url }, healthy) => {
        if (url.pathname.startsWith('/.well-known/oauth-protected-resource')) return { status: 404 };
        if (url.pathname !== '/mcp') return undefined;
        return healthy().then(answer =>
          answer.status === 401 ? { ...answer, headers: { 'WWW-Authenticate': 'Bearer' } } : answer,
        );
      },
    },
    { base },
  ),
];
