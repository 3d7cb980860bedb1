// What the doctor does at an authorization server: nothing without leave, under its own name, and gone at the end.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { DoctorOptions } from '../../src/doctor/doctor.ts';
import type { Fault, FixtureRequest } from './kit/fixture-request.ts';
import { redirectsOf, TOKEN } from './kit/healthy-oauth.ts';
import { healthyServer } from './kit/healthy-server.ts';
import { at, serverSays } from './kit/oauth-changes.ts';
import { diagnose } from './kit/planted-fault.ts';

async function asked(
  fault: { fault: Fault } | undefined,
  doctor: Partial<DoctorOptions>,
): Promise<readonly FixtureRequest[]> {
  const running = await healthyServer({ oauth: true, ...fault });
  try {
    await diagnose(running, doctor);
    return [...running.requests];
  } finally {
    await running.close();
  }
}

function registrations(requests: readonly FixtureRequest[]): readonly FixtureRequest[] {
  // Others ask the endpoint with nothing, to see who stands before it.
  return requests.filter(({ url, method, body }) => url.pathname === '/register' && method === 'POST' && body !== '{}');
}

function deletions(requests: readonly FixtureRequest[]): readonly FixtureRequest[] {
  return requests.filter(({ method, url }) => method === 'DELETE' && url.pathname.startsWith('/register/'));
}

describe('registrations of the doctor', () => {
  test('there are none without --write', async () => {
    assert.deepEqual(registrations(await asked(undefined, {})), []);
  });

  test('with --write each has the name of a probe and the voice of Claude, and each is deleted', async () => {
    const requests = await asked(undefined, { write: true });
    const made = registrations(requests);
    assert.ok(made.length > 0 && made.length <= 8, `${made.length} registrations`);
    for (const { message, headers } of made) {
      assert.equal((message as { client_name?: unknown }).client_name, 'slipway doctor probe');
      assert.match(headers['user-agent'] ?? '', /^python-httpx\//);
    }
    const gone = new Set(deletions(requests).map(({ url }) => url.pathname));
    assert.equal(gone.size, made.length);
  });

  test('what is to be deleted at another host is left alone, and so is its access', async () => {
    const elsewhere = await healthyServer({ oauth: true });
    try {
      const { origin } = new URL(elsewhere.url);
      const fault = at(/^\/register$/, async (_, healthy) => {
        const answer = await healthy();
        return { ...answer, body: { ...(answer.body as object), registration_client_uri: `${origin}/register/x` } };
      });
      const requests = await asked(fault, { write: true });
      assert.ok(registrations(requests).length > 0);
      assert.deepEqual(elsewhere.requests, []);
    } finally {
      await elsewhere.close();
    }
  });

  test('neither the token nor the headers of the user reach an authorization server of another origin', async () => {
    const server = await healthyServer({ oauth: true });
    try {
      const { origin } = new URL(server.url);
      const fault: Fault = async ({ url }, healthy) => {
        const answer = await healthy();
        if (!url.pathname.startsWith('/.well-known/oauth-protected-resource')) return answer;
        return { ...answer, body: { ...(answer.body as object), authorization_servers: [origin] } };
      };
      const secrets = { bearer: TOKEN, headers: [['X-Api-Key', 'fixture-api-key']] } as const;
      const requests = await asked({ fault }, { write: true, ...secrets });
      assert.ok(requests.some(({ headers }) => headers.authorization === `Bearer ${TOKEN}`));
      const paths = new Set(server.requests.map(({ url }) => url.pathname));
      for (const path of ['/authorize', '/token', '/register']) assert.ok(paths.has(path), path);
      for (const { headers, body, url } of server.requests) {
        const text = JSON.stringify(headers) + body + url.href;
        assert.ok(!text.includes(TOKEN) && !text.includes('fixture-api-key'), text);
      }
    } finally {
      await server.close();
    }
  });

  test('a way that leads to another host is not gone', async () => {
    const elsewhere = await healthyServer({ oauth: true });
    try {
      const fault = at(/^\/authorize$/, () => ({ status: 302, headers: { Location: `${elsewhere.url}?next=1` } }));
      const requests = await asked(fault, {});
      assert.ok(requests.some(({ url }) => url.pathname === '/authorize'));
      assert.deepEqual(elsewhere.requests, []);
    } finally {
      await elsewhere.close();
    }
  });

  test('a redirect without end is not followed for ever', async () => {
    const fault = at(/^\/authorize$/, ({ url }) => ({ status: 302, headers: { Location: url.href } }));
    const requests = await asked(fault, {});
    const count = requests.filter(({ url }) => url.pathname === '/authorize').length;
    assert.ok(count > 1 && count < 40, `${count} requests`);
  });

  test('a client with a secret authenticates in the way that it registered with', async () => {
    const methods = { token_endpoint_auth_methods_supported: ['client_secret_basic', 'client_secret_post'] };
    const fault = serverSays(() => ({ ...methods, client_id_metadata_document_supported: undefined }));
    const requests = await asked(fault, { write: true });
    const refresh = requests.find(({ body }) => body.includes('no-such-token'));
    const form = new URLSearchParams(refresh?.body);
    const id = form.get('client_id');
    assert.equal(form.get('client_secret'), `secret-of-${id}`);
    assert.deepEqual(redirectsOf(id), ['https://claude.ai/api/mcp/auth_callback']);
  });
});
