import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';

interface CodeBlock {
  language: string;
  code: string;
}

/** The fenced blocks of README.md in their order. */
export function readmeBlocks(): CodeBlock[] {
  const text = readFileSync(resolve(import.meta.dirname, '../README.md'), 'utf8');
  return [...text.matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm)].map(([, language, code]) => ({
    language: language!,
    code: code!,
  }));
}

/** The server file that the README has a newcomer write. */
export function readmeServer(): string {
  const block = readmeBlocks().find(({ language, code }) => language === 'ts' && code.startsWith('// server.ts\n'));
  if (block === undefined) throw new Error('README.md has no block that begins with // server.ts');
  return block.code;
}
