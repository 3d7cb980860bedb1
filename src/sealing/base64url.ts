/** One character of base64url carries 6 bits (RFC 4648, section 5; never padded here). */
export function base64urlLength(bytes: number): number {
  return Math.ceil((bytes * 4) / 3);
}

/**
 * Decodes base64url strictly: `undefined` for padding, foreign characters and encodings with stray bits, so each value
 * has exactly one spelling and no character of it can change unnoticed. (`Buffer` alone skips whatever it does not know.)
 */
export function decodeBase64url(text: string): Buffer | undefined {
  const bytes = Buffer.from(text, 'base64url');
  return bytes.toString('base64url') === text ? bytes : undefined;
}
