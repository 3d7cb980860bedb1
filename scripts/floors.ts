/**
 * Proves the import direction of ARCHITECTURE.md: a file may import from its own floor and from the floors below it,
 * never upwards. Run as part of `npm run lint`; exits 1 and names each import that climbs.
 */
import { globSync, readFileSync } from 'node:fs';
import { dirname, relative, resolve, sep } from 'node:path';

/** Bottom to top. Two rooms on one line share a floor and do not know each other. */
const FLOORS: readonly (readonly string[])[] = [
  ['protocol'],
  ['sealing'],
  ['schema'],
  ['state'],
  ['server'],
  ['session'],
  ['auth'],
  ['transport/http', 'transport/stdio'],
  ['client'],
  ['host'],
  ['fronts'],
  ['doctor', 'deploy', 'testing'],
  ['cli'],
];

/** Floors that must run anywhere: no `node:` module, no package of the ecosystem. */
const PURE = new Set(['protocol']);

/** Which rooms may import a driver of `state/` (its sub-folders); everybody else sees the contracts only. */
const DRIVER_USERS = new Set(['host', 'state']);

const IMPORT =
  /(?:^|\n)\s*(?:import|export)\b[^'"`;]*?from\s*['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]\s*\)|(?:^|\n)\s*import\s*['"]([^'"]+)['"]/g;

const root = resolve(import.meta.dirname, '..', 'src');

function roomOf(path: string): string | undefined {
  const parts = path.split(sep);
  if (parts.length === 1) return undefined;
  return parts[0] === 'transport' ? `transport/${parts[1]}` : parts[0];
}

function floorOf(room: string): number {
  return FLOORS.findIndex(rooms => rooms.includes(room));
}

/** Every broken rule of one file, as lines ready to print. */
export function faultsOf(file: string, source: string): string[] {
  const faults: string[] = [];
  const room = roomOf(file);
  if (room === undefined) return faults; // src/index.ts: the public face, re-exports only
  const floor = floorOf(room);
  if (floor < 0) return [`${file}: the room ${room}/ stands on no floor (see scripts/floors.ts and ARCHITECTURE.md)`];
  for (const match of source.matchAll(IMPORT)) {
    const specifier = match[1] ?? match[2] ?? match[3] ?? '';
    if (!specifier.startsWith('.')) {
      if (PURE.has(room)) faults.push(`${file}: ${room}/ is pure and imports ${specifier}`);
      continue;
    }
    const target = relative(root, resolve(root, dirname(file), specifier));
    const targetRoom = roomOf(target);
    if (targetRoom === undefined) {
      if (room !== 'cli') faults.push(`${file}: imports the public face ${target}`);
      continue;
    }
    if (targetRoom === room) continue;
    if (floorOf(targetRoom) >= floor) faults.push(`${file}: ${room}/ must not import ${targetRoom}/ (${specifier})`);
    if (/^state\/[^/]+\//.test(target) && !DRIVER_USERS.has(room))
      faults.push(`${file}: only host/ may import a driver (${specifier})`);
  }
  return faults;
}

if (import.meta.main) {
  const files = globSync('**/*.ts', { cwd: root });
  const faults = files.flatMap(file => faultsOf(file, readFileSync(resolve(root, file), 'utf8')));
  for (const fault of faults) console.error(fault);
  console.log(`floors: ${files.length} files, ${faults.length} imports against the direction`);
  process.exitCode = faults.length > 0 ? 1 : 0;
}
