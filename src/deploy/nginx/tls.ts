/**
 * Mozilla's recommendations for servers, version 5.8, intermediate. Without its DHE suites: they need a file of parameters,
 * and whoever needs them is older than anything that speaks MCP.
 */

export const TLS_PROTOCOLS = ['TLSv1.2', 'TLSv1.3'] as const;

export const TLS_CIPHERS = [
  'ECDHE-ECDSA-AES128-GCM-SHA256',
  'ECDHE-RSA-AES128-GCM-SHA256',
  'ECDHE-ECDSA-AES256-GCM-SHA384',
  'ECDHE-RSA-AES256-GCM-SHA384',
  'ECDHE-ECDSA-CHACHA20-POLY1305',
  'ECDHE-RSA-CHACHA20-POLY1305',
] as const;

export const TLS_CURVES = ['X25519', 'prime256v1', 'secp384r1'] as const;
