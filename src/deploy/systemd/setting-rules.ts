/** Rules on what a service is told: where it is reached, whom it believes, where its state and its secrets are. */
import type { Rule } from '../finding.ts';
import { commandOf, isSet, MISSING, maySet, NONE, placeOf } from './service-rule.ts';
import type { Unit } from './unit.ts';

const SECRET_NAME =
  /PASSWORD|PASSWD|(?:^|_)(?:SECRET|TOKEN|CREDENTIAL)S?(?:_|$)|(?:API|PRIVATE|SECRET|ACCESS)_?KEYS?(?:_|$)/;
/** Of these, the value says where a secret is, or how it is dealt with. */
const ABOUT_SECRETS = /_(?:FILE|PATH|DIR|URL|URI|ENDPOINT|ISSUER|AUDIENCE|TTL|MS|SECONDS|LIMIT|LENGTH|ID|TYPE|NAME)$/;
/** `postgres://ada:secret@db/app` */
const URL_WITH_PASSWORD = /^\w[\w+.-]*:\/\/[^\s/:@]*:[^\s/@]+@/;

function isSecret(name: string, text: string): boolean {
  return URL_WITH_PASSWORD.test(text) || (SECRET_NAME.test(name) && !ABOUT_SECRETS.test(name) && text !== '');
}

export const SETTING_RULES: readonly Rule<Unit>[] = [
  {
    id: 'service-state',
    severity: 'fault',
    what: 'There is no folder that the service may write its state into',
    why: 'Sessions and the keys that seal them end with the process: after each restart clients start anew.',
    fix: 'StateDirectory=mcp-server and Environment=SLIPWAY_STATE_DIR=/var/lib/mcp-server',
    find: unit => {
      const hasFolder = unit.all('Service', 'StateDirectory').length > 0;
      const writable = unit.all('Service', 'ReadWritePaths').length > 0 && isSet(unit, 'SLIPWAY_STATE_DIR');
      return (hasFolder && maySet(unit, 'SLIPWAY_STATE_DIR')) || writable ? NONE : MISSING;
    },
  },
  {
    id: 'service-public-url',
    severity: 'fault',
    what: 'The server does not know the name that clients reach it by',
    why: 'It answers requests that a proxy passes on under that name with 403, because a page in a browser could have sent them (DNS rebinding).',
    fix: 'Environment=SLIPWAY_PUBLIC_URL=https://mcp.example.com and Environment=SLIPWAY_ALLOWED_HOSTS=mcp.example.com',
    find: unit => (maySet(unit, 'SLIPWAY_PUBLIC_URL') || maySet(unit, 'SLIPWAY_ALLOWED_HOSTS') ? NONE : MISSING),
  },
  {
    id: 'service-trusted-proxies',
    severity: 'fault',
    what: 'The server believes no proxy',
    why: 'Every client seems to have the address of the proxy, and to come over http: limits by address hit all at once, and metadata has the wrong URLs.',
    fix: 'Environment=SLIPWAY_TRUSTED_PROXIES=loopback',
    find: unit => (maySet(unit, 'SLIPWAY_TRUSTED_PROXIES') ? NONE : MISSING),
  },
  {
    id: 'service-address',
    severity: 'fault',
    what: 'The server listens on every address of the machine',
    why: 'It is reached around the proxy, without TLS and without its limits.',
    fix: 'Environment=SLIPWAY_HOST=127.0.0.1, or ListenStream=127.0.0.1:8087 in a socket unit',
    find: unit => {
      const host = unit.environment().get('SLIPWAY_HOST');
      const command = commandOf(unit);
      const words = command?.words ?? [];
      const flag = words.findIndex(word => word === '--host' || word.startsWith('--host='));
      const given = words[flag]?.includes('=') ? words[flag]!.slice('--host='.length) : words[flag + 1];
      const isAny = (text: string | undefined) => text === '0.0.0.0' || text === '::';
      if (isAny(host?.text)) return [placeOf(host!)];
      return flag >= 0 && isAny(given) ? [placeOf(command!.entry)] : NONE;
    },
  },
  {
    id: 'service-secrets',
    severity: 'fault',
    what: 'The secret {detail} is in the unit',
    why: 'Every user of the machine can read units, and systemctl show prints them.',
    fix: 'LoadCredential= with a file below /etc/credstore, or EnvironmentFile= with a file for root only',
    find: unit =>
      [...unit.environment()]
        .filter(([name, { text }]) => isSecret(name, text))
        .map(([name, entry]) => placeOf(entry, name)),
  },
  {
    id: 'service-credential',
    severity: 'advice',
    what: 'The secrets that seal sessions are not given to the service',
    why: 'It makes its own in the folder of its state: they are lost with that folder, and another machine has others.',
    fix: 'LoadCredential=slipway-secrets:mcp-server.slipway-secrets, with the file in /etc/credstore',
    find: unit => {
      const loaded = [...unit.all('Service', 'LoadCredential'), ...unit.all('Service', 'LoadCredentialEncrypted')];
      const has = loaded.some(({ value }) => /^slipway-secrets(:|$)/.test(value));
      return has || isSet(unit, 'SLIPWAY_SECRETS') || isSet(unit, 'SLIPWAY_SECRETS_FILE') ? NONE : MISSING;
    },
  },
];
