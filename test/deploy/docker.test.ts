// The Dockerfile and the compose file are what Docker takes. An image can not be built where no daemon runs; that the commands
// of the Dockerfile do what they should is tried on its health check, and on what it starts.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { ValidationSeverity, validate } from 'dockerfile-utils';
import { parse } from 'yaml';
import { CommandProcess } from '../cli/command-process.ts';
import { SlipwayProcess } from '../lifecycle/slipway-process.ts';
import { changed, generated } from './rule-cases.ts';

const SETTINGS = {
  deprecatedMaintainer: ValidationSeverity.WARNING,
  directiveCasing: ValidationSeverity.WARNING,
  emptyContinuationLine: ValidationSeverity.WARNING,
  instructionCasing: ValidationSeverity.WARNING,
  instructionCmdMultiple: ValidationSeverity.WARNING,
  instructionEntrypointMultiple: ValidationSeverity.WARNING,
  instructionHealthcheckMultiple: ValidationSeverity.WARNING,
  instructionJSONInSingleQuotes: ValidationSeverity.WARNING,
  instructionWorkdirRelative: ValidationSeverity.WARNING,
};

const DOCKERFILE = generated('docker', 'Dockerfile');

/** The words of an instruction in its exec form. */
function execForm(instruction: RegExp): string[] {
  return JSON.parse(instruction.exec(DOCKERFILE)![1]!) as string[];
}

const health = execForm(/^HEALTHCHECK [^[]*(\[.*\])$/m);

describe('docker', () => {
  test('the Dockerfile has nothing that its linter objects to', () => {
    assert.deepEqual(validate(DOCKERFILE, SETTINGS), []);
  });

  test('control: the linter would', () => {
    const broken = changed(DOCKERFILE, [['WORKDIR /app', 'WORKDIR app']]);
    assert.ok(validate(broken, SETTINGS).length > 0);
  });

  test('two stages; the last runs as a user that is not root, and starts Node itself', () => {
    const from = [...DOCKERFILE.matchAll(/^FROM (\S+)/gm)].map(([, image]) => image!);
    assert.equal(from.length, 2);
    for (const image of from) assert.match(image, /^node:\d+-slim$/);
    assert.match(DOCKERFILE, /^USER 1000:1000$/m);
    assert.deepEqual(execForm(/^CMD (\[.*\])$/m), ['node', 'node_modules/slipway/bin/slipway.js', 'start']);
  });

  test('the health check says whether the server is ready', async () => {
    await using server = new SlipwayProcess({});
    const { port } = await server.target();
    const check = async (at: number) => {
      const words = health.slice(1).map(word => word.replace(':8087/', `:${at}/`));
      await using run = new CommandProcess([process.execPath, ...words]);
      return (await run.ended()).code;
    };
    assert.equal(await check(port), 0);
    server.child.kill('SIGKILL');
    await server.ended();
    assert.equal(await check(port), 1);
  });

  test('the compose file: only Caddy is reached from outside; the server may nothing that it does not need', () => {
    const { services, volumes, networks } = parse(generated('docker', 'compose.yaml'));
    const { 'mcp-server': server, caddy } = services;
    assert.equal(server.ports, undefined);
    assert.deepEqual(caddy.ports, ['80:80', '443:443', '443:443/udp']);
    assert.equal(server.read_only, true);
    assert.deepEqual(server.cap_drop, ['ALL']);
    assert.deepEqual(server.security_opt, ['no-new-privileges:true']);
    assert.equal(server.environment.SLIPWAY_PUBLIC_URL, 'https://mcp.example.com');
    assert.deepEqual(server.volumes, ['state:/var/lib/mcp-server']);
    assert.match(DOCKERFILE, /SLIPWAY_STATE_DIR=\/var\/lib\/mcp-server/);
    for (const { volumes: used } of [server, caddy]) {
      for (const volume of used as string[]) {
        const [source] = volume.split(':');
        assert.ok(source!.startsWith('./') || source! in volumes, volume);
      }
    }
    assert.deepEqual(Object.keys(networks), server.networks);
    assert.match(generated('docker', 'Caddyfile'), /reverse_proxy mcp-server:8087 /);
  });

  test('secrets and rubbish stay out of the image', () => {
    const lines = generated('docker', '.dockerignore').split('\n');
    for (const name of ['node_modules', '.git', '.env', '.slipway']) assert.ok(lines.includes(name), name);
  });
});
