/** What npm and the compiler read of a new project. */
import { nodeTypes, TYPESCRIPT, ZOD } from './dependency-versions.ts';

function jsonFile(value: unknown): string {
  return `${JSON.stringify(value, undefined, 2)}\n`;
}

/** @param slipway which release (release.ts) */
export function packageManifest(name: string, slipway: string): string {
  return jsonFile({
    name,
    version: '0.1.0',
    private: true,
    type: 'module',
    engines: { node: '>=22.18' },
    scripts: {
      start: 'slipway start',
      dev: 'slipway dev',
      // A pattern, because a Node that is too old finds no tests by itself and says that all is well.
      test: 'node --test "**/*.test.ts"',
      typecheck: 'tsc',
      deploy: 'slipway deploy machine --out deploy',
    },
    dependencies: { slipway, zod: ZOD },
    devDependencies: { '@types/node': nodeTypes(), typescript: TYPESCRIPT },
  });
}

/** Node runs the files as they are: only what it can strip is allowed, and nothing is emitted. */
export const TSCONFIG = jsonFile({
  compilerOptions: {
    target: 'es2024',
    module: 'nodenext',
    types: ['node'],
    strict: true,
    noUncheckedIndexedAccess: true,
    erasableSyntaxOnly: true,
    verbatimModuleSyntax: true,
    allowImportingTsExtensions: true,
    skipLibCheck: true,
    noEmit: true,
  },
  include: ['**/*.ts'],
});

export const GITIGNORE = `node_modules/
# Sessions and keys.
.slipway/
.env
`;
