/** The two files of the deployment guide that this project began with, word for word: the cases that --check has to see through. */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';

const FILES = { nginx: 'guide-nginx.conf', ini: 'guide-mcp-server.service' } as const;

/** @param language as the guide marks its blocks */
export function guideFile(language: keyof typeof FILES): string {
  return readFileSync(resolve(import.meta.dirname, 'fixtures', FILES[language]), 'utf8');
}
