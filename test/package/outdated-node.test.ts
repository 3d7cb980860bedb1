// bin/slipway.js is read by whatever Node the user has: it must parse there and say what it needs.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { delimiter, join, resolve } from 'node:path';
import { describe, test } from 'node:test';
import { CommandProcess } from '../cli/command-process.ts';

const bin = resolve(import.meta.dirname, '../../bin/slipway.js');

function isOutdated(file: string): boolean {
  const { stdout } = spawnSync(file, ['--version'], { encoding: 'utf8', timeout: 10_000 });
  const [, major = '99', minor = '0'] = /^v(\d+)\.(\d+)/.exec(stdout ?? '') ?? [];
  return Number(major) < 22 || (Number(major) === 22 && Number(minor) < 18);
}

/** Runs the bin in a process that believes to be another Node. */
async function runAs(version: string) {
  const pretend = `
    Object.defineProperty(process.versions, 'node', { value: ${JSON.stringify(version)} });
    process.argv.splice(1, 0, ${JSON.stringify(bin)});
    import(${JSON.stringify(bin)});`;
  const command = [process.execPath, '--conditions=@slipway/source', '-e', pretend, '--', '--version'];
  await using child = new CommandProcess(command);
  return await child.ended();
}

describe('bin/slipway.js', () => {
  for (const version of ['18.20.8', '20.19.0', '22.17.1']) {
    test(`says under Node ${version} which Node it needs`, async () => {
      const { code, stdout, stderr } = await runAs(version);
      assert.equal(code, 1);
      assert.equal(stdout, '');
      assert.match(
        stderr,
        new RegExp(`^slipway: this is Node ${version}, and Slipway needs Node 22\\.18 or newer\\.[^\\n]+\\n$`),
      );
    });
  }

  for (const version of ['22.18.0', '23.0.0', '26.0.0']) {
    test(`runs under Node ${version}`, async () => {
      const { code, stdout } = await runAs(version);
      assert.match(stdout, /^\d+\.\d+\.\d+\n$/);
      assert.equal(code, 0);
    });
  }

  test('asks for the Node that package.json asks for', () => {
    const { engines } = JSON.parse(readFileSync(resolve(bin, '../../package.json'), 'utf8')) as {
      engines: { node: string };
    };
    const [, major, minor] = /MINIMUM = \[(\d+), (\d+)\]/.exec(readFileSync(bin, 'utf8'))!;
    assert.equal(engines.node, `>=${major}.${minor}`);
  });

  test('has no syntax newer than ES2022 and no import that is read before the check', () => {
    const code = readFileSync(bin, 'utf8').replace(/^#!.*|'(?:[^'\\]|\\.)*'|\/\/.*$/gm, '');
    assert.doesNotMatch(code, /\busing\b|@|\bwith\b|\baccessor\b|\/[a-z]*v\b|^\s*(?:im|ex)port\b(?!\()/m);
  });

  const outdated = process.env['PATH']!.split(delimiter)
    .map(folder => join(folder, 'node'))
    .find(file => existsSync(file) && isOutdated(file));
  test('is read by an outdated Node of this machine', { skip: outdated === undefined && 'there is none' }, async () => {
    await using child = new CommandProcess([outdated!, bin, '--version']);
    const { code, stderr } = await child.ended();
    assert.match(stderr, /^slipway: this is Node .*needs Node 22\.18 or newer\.[^\n]+\n$/);
    assert.equal(code, 1);
  });
});
