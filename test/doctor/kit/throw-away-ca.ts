/** Certificates that nobody else trusts: a root, an intermediate, and whatever a test needs below it. X.509 (RFC 5280). */
import { generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';
import { isIP } from 'node:net';

export interface Identity {
  /** PEM. */
  readonly key: string;
  /** PEM: what the server sends. */
  readonly chain: string;
}

export interface IdentityOptions {
  /** Default: a day ago. */
  readonly notBefore?: Date;
  /** Default: in a month. */
  readonly notAfter?: Date;
  /** Sends the server's own certificate alone. */
  readonly withoutIntermediate?: boolean;
  /** Signed by itself. */
  readonly selfSigned?: boolean;
  /** Says nothing of where its issuer's certificate is to be had, as authorities of one's own do. */
  readonly withoutIssuerPlace?: boolean;
}

const DAY_MS = 86_400_000;

function der(tag: number, ...parts: readonly (Buffer | readonly Buffer[])[]): Buffer {
  const content = Buffer.concat(parts.flat());
  const { length } = content;
  const size = length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 255];
  return Buffer.concat([Buffer.from([tag, ...size]), content]);
}

const sequence = (...parts: readonly Buffer[]) => der(0x30, parts);
const oid = (hex: string) => der(0x06, Buffer.from(hex, 'hex'));
const BOOLEAN_TRUE = Buffer.from([0x01, 0x01, 0xff]);
/** ecdsa-with-SHA256 */
const ALGORITHM = sequence(oid('2a8648ce3d040302'));

function name(common: string): Buffer {
  return sequence(der(0x31, sequence(oid('550403'), der(0x0c, Buffer.from(common)))));
}

function time(date: Date): Buffer {
  const digits = date.toISOString().replace(/[-:T]|\.\d+/g, '');
  return der(0x18, Buffer.from(digits));
}

function extension(id: string, critical: boolean, value: Buffer): Buffer {
  return sequence(oid(id), ...(critical ? [BOOLEAN_TRUE] : []), der(0x04, value));
}

function altName(host: string): Buffer {
  if (isIP(host) === 4) return der(0x87, Buffer.from(host.split('.').map(Number)));
  return der(0x82, Buffer.from(host));
}

/** Authority information access (RFC 5280, 4.2.2.1): where the issuer's certificate is to be had. */
const ISSUER_PLACE = extension(
  '2b06010505070101',
  false,
  sequence(sequence(oid('2b06010505073002'), der(0x86, Buffer.from('http://ca.example.com/intermediate.der')))),
);

interface Certified {
  readonly name: string;
  readonly key: KeyObject;
  readonly pem: string;
}

interface Wish {
  readonly name: string;
  readonly hosts?: readonly string[];
  readonly isAuthority: boolean;
  readonly withoutIssuerPlace?: boolean;
  readonly notBefore?: Date;
  readonly notAfter?: Date;
}

function pem(bytes: Buffer): string {
  return `-----BEGIN CERTIFICATE-----\n${bytes.toString('base64').replace(/.{64}/g, '$&\n')}\n-----END CERTIFICATE-----\n`;
}

/** @param issuer undefined: signed by itself */
function certify(wish: Wish, issuer?: Certified): Certified {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const { notBefore = new Date(Date.now() - DAY_MS), notAfter = new Date(Date.now() + 30 * DAY_MS) } = wish;
  const serial = randomBytes(8);
  serial[0] = (serial[0]! & 0x7f) | 1;
  const extensions = sequence(
    extension('551d13', true, sequence(...(wish.isAuthority ? [BOOLEAN_TRUE] : []))),
    extension('551d0f', true, der(0x03, Buffer.from(wish.isAuthority ? [1, 0x06] : [7, 0x80]))),
    ...(issuer === undefined || wish.withoutIssuerPlace === true ? [] : [ISSUER_PLACE]),
    ...(wish.hosts === undefined ? [] : [extension('551d11', false, sequence(...wish.hosts.map(altName)))]),
  );
  const body = sequence(
    der(0xa0, der(0x02, Buffer.from([2]))),
    der(0x02, serial),
    ALGORITHM,
    name(issuer?.name ?? wish.name),
    sequence(time(notBefore), time(notAfter)),
    name(wish.name),
    publicKey.export({ type: 'spki', format: 'der' }),
    der(0xa3, extensions),
  );
  const signature = sign('sha256', body, issuer?.key ?? privateKey);
  const whole = sequence(body, ALGORITHM, der(0x03, Buffer.from([0]), signature));
  return { name: wish.name, key: privateKey, pem: pem(whole) };
}

/** Made at once when it is first needed; all of it takes a few milliseconds. */
class ThrowAwayCa {
  readonly #root = certify({ name: 'Throw-away root', isAuthority: true });
  readonly #intermediate = certify({ name: 'Throw-away intermediate', isAuthority: true }, this.#root);

  /** PEM; for `ca`. */
  get root(): string {
    return this.#root.pem;
  }

  /** @param hosts names and IPv4 addresses; the first is the subject */
  identity(hosts: readonly string[], options: IdentityOptions = {}): Identity {
    const wish = { name: hosts[0] ?? 'nobody', hosts, isAuthority: false, ...options };
    const own = certify(wish, options.selfSigned === true ? undefined : this.#intermediate);
    const alone = options.selfSigned === true || options.withoutIntermediate === true;
    return {
      key: own.key.export({ type: 'pkcs8', format: 'pem' }) as string,
      chain: alone ? own.pem : own.pem + this.#intermediate.pem,
    };
  }
}

export const THROW_AWAY = new ThrowAwayCa();
