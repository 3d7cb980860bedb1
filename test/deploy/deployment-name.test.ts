// One name for units, images, objects of Kubernetes and variables of nginx: what each of them takes.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { parseAllDocuments } from 'yaml';
import { deploymentOf } from '../../src/deploy/deployment.ts';
import { deploymentNameLike, deploymentNameProblem } from '../../src/deploy/deployment-name.ts';
import { TARGETS } from '../../src/deploy/targets.ts';
import { DOMAIN } from './nginx-site.ts';

describe('the name of a deployment', () => {
  test('a text of any kind has one that is near', () => {
    const near = {
      weather: 'weather',
      'My.Server_2': 'my-server-2',
      '9lives': 'lives',
      '42': 'mcp-server',
      on: 'mcp-server',
      caddy: 'mcp-server',
      '☃': 'mcp-server',
      [`${'a'.repeat(31)}-b`]: 'a'.repeat(31),
    };
    for (const [text, name] of Object.entries(near)) {
      assert.equal(deploymentNameLike(text), name, text);
      assert.equal(deploymentNameProblem(name), undefined);
    }
  });

  test('in YAML it is text, wherever it stands', () => {
    for (const target of ['docker', 'kubernetes']) {
      const files = TARGETS.find(({ name }) => name === target)!.files(deploymentOf({ domain: DOMAIN, name: 'e' }));
      for (const { text } of files.filter(({ name }) => name.endsWith('.yaml'))) {
        const documents = parseAllDocuments(text, { version: '1.1' }).map(document => document.toJS());
        const [first] = documents;
        assert.equal(first.name ?? first.metadata.name, 'e');
      }
    }
  });

  test('clients and the monitoring of Kubernetes have a port each', () => {
    for (const port of ['8087', '9087']) {
      const [file] = TARGETS.find(({ name }) => name === 'kubernetes')!.files(deploymentOf({ domain: DOMAIN, port }));
      const [, deployment] = parseAllDocuments(file!.text).map(document => document.toJS());
      const { ports } = deployment.spec.template.spec.containers[0];
      const numbers = ports.map(({ containerPort }: { containerPort: number }) => containerPort);
      assert.equal(numbers[0], Number(port));
      assert.equal(new Set(numbers).size, 2);
    }
  });
});
