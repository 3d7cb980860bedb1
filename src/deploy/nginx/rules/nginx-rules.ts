/** What `slipway deploy --check` looks for in a configuration of nginx. */
import type { Rule } from '../../finding.ts';
import type { NginxConfiguration } from '../configuration.ts';
import { placeOf } from '../site-rule.ts';
import { CERTIFICATE_RULES } from './certificate-rules.ts';
import { CORS_RULES } from './cors-rules.ts';
import { REQUEST_RULES } from './request-rules.ts';
import { STREAM_RULES } from './stream-rules.ts';
import { TLS_RULES } from './tls-rules.ts';

const INCLUDES: Rule<NginxConfiguration> = {
  id: 'nginx-include',
  severity: 'advice',
  what: 'The included {detail} is not there, so what it says is not known',
  why: 'What is told as missing may be in it.',
  fix: 'Check on the machine that it runs on: slipway deploy --check /etc/nginx/nginx.conf',
  find: ({ missing }) => missing.map(({ directive, pattern }) => placeOf(directive, pattern)),
};

export const NGINX_RULES: readonly Rule<NginxConfiguration>[] = [
  ...TLS_RULES,
  ...CERTIFICATE_RULES,
  ...REQUEST_RULES,
  ...STREAM_RULES,
  ...CORS_RULES,
  INCLUDES,
];
