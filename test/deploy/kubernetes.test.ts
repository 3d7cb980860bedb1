// The manifests fit the schemas of Kubernetes, and each other.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Deployment } from 'kubernetes-models/apps/v1/Deployment';
import { HorizontalPodAutoscaler } from 'kubernetes-models/autoscaling/v2/HorizontalPodAutoscaler';
import { Ingress } from 'kubernetes-models/networking.k8s.io/v1/Ingress';
import { NetworkPolicy } from 'kubernetes-models/networking.k8s.io/v1/NetworkPolicy';
import { PodDisruptionBudget } from 'kubernetes-models/policy/v1/PodDisruptionBudget';
import { Service } from 'kubernetes-models/v1/Service';
import { ServiceAccount } from 'kubernetes-models/v1/ServiceAccount';
import { parseAllDocuments } from 'yaml';
import { changed, generated } from './rule-cases.ts';

// biome-ignore lint/suspicious/noExplicitAny: manifests are looked into at every depth
type Manifest = any;

const KINDS: Readonly<Record<string, new (data: Manifest) => { validate(): void }>> = {
  ServiceAccount,
  Deployment,
  Service,
  Ingress,
  HorizontalPodAutoscaler,
  PodDisruptionBudget,
  NetworkPolicy,
};

const TEXT = generated('kubernetes', 'kubernetes.yaml');

function manifestsOf(text: string): Manifest[] {
  const documents = parseAllDocuments(text);
  assert.ok(Array.isArray(documents));
  for (const { errors, warnings } of documents) assert.deepEqual([...errors, ...warnings], []);
  return documents.map(document => document.toJS());
}

function validateAll(text: string): void {
  for (const manifest of manifestsOf(text)) new KINDS[manifest.kind]!(manifest).validate();
}

const byKind: Readonly<Record<string, Manifest>> = Object.fromEntries(manifestsOf(TEXT).map(one => [one.kind, one]));

describe('kubernetes', () => {
  test('every manifest is valid under the schema of its kind', () => {
    validateAll(TEXT);
    assert.deepEqual(Object.keys(byKind).sort(), Object.keys(KINDS).sort());
  });

  for (const change of [
    ['maxUnavailable: 0', 'maxUnavailable: [0]'],
    ['pathType: Prefix', 'pathTypes: Prefix'],
    ['minReplicas: 2', 'minReplicas: two'],
  ] as const) {
    test(`control: ${change[1]} is not`, () => {
      assert.throws(() => validateAll(changed(TEXT, [change])));
    });
  }

  test('names, labels and ports lead to each other', () => {
    const { Deployment: deployment, Service: service, Ingress: ingress } = byKind;
    const labels = deployment.spec.template.metadata.labels;
    assert.deepEqual(deployment.spec.selector.matchLabels, labels);
    assert.deepEqual(service.spec.selector, labels);
    assert.deepEqual(byKind['PodDisruptionBudget'].spec.selector.matchLabels, labels);
    assert.deepEqual(byKind['NetworkPolicy'].spec.podSelector.matchLabels, labels);
    assert.equal(byKind['HorizontalPodAutoscaler'].spec.scaleTargetRef.name, deployment.metadata.name);
    const [path] = ingress.spec.rules[0].http.paths;
    assert.equal(path.backend.service.name, service.metadata.name);
    assert.equal(path.backend.service.port.name, service.spec.ports[0].name);
    const [{ ports, ...container }] = deployment.spec.template.spec.containers;
    const names = ports.map(({ name }: { name: string }) => name);
    assert.ok(names.includes(service.spec.ports[0].targetPort));
    for (const probe of ['startupProbe', 'readinessProbe', 'livenessProbe']) {
      assert.ok(names.includes(container[probe].httpGet.port), probe);
    }
    const mounts = container.volumeMounts.map(({ name }: { name: string }) => name).sort();
    const volumes = deployment.spec.template.spec.volumes.map(({ name }: { name: string }) => name).sort();
    assert.deepEqual(mounts, volumes);
    assert.equal(deployment.spec.template.spec.serviceAccountName, byKind['ServiceAccount'].metadata.name);
  });

  test('readiness asks what may fail, liveness only whether the event loop turns; the drain has its time', () => {
    const { spec } = byKind['Deployment'].spec.template;
    const [{ readinessProbe, livenessProbe, lifecycle, securityContext }] = spec.containers;
    assert.equal(readinessProbe.httpGet.path, '/readyz');
    assert.equal(livenessProbe.httpGet.path, '/healthz');
    const [, sleep] = lifecycle.preStop.exec.command;
    assert.ok(spec.terminationGracePeriodSeconds >= Number(sleep) + 5 + 30 + 10);
    assert.deepEqual(byKind['Deployment'].spec.strategy.rollingUpdate, { maxSurge: 1, maxUnavailable: 0 });
    assert.equal(spec.securityContext.runAsNonRoot, true);
    assert.equal(securityContext.readOnlyRootFilesystem, true);
    assert.deepEqual(securityContext.capabilities.drop, ['ALL']);
  });

  test('no secret is in the file, only the name of one', () => {
    assert.doesNotMatch(TEXT, /^kind: Secret$/m);
    const { volumes } = byKind['Deployment'].spec.template.spec;
    const { secret } = volumes.find(({ name }: { name: string }) => name === 'secrets');
    assert.match(
      TEXT,
      new RegExp(`kubectl create secret generic ${secret.secretName} --from-literal=slipway-secrets=`),
    );
  });
});
