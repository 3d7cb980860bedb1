import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { nextSteps } from '../../src/cli/next-steps.ts';

function placeOf(host: string, port = 8087) {
  return { host, port, url: `http://${host.includes(':') ? `[${host}]` : host}:${port}/mcp` };
}

/** Every JSON snippet of the text, parsed: a client would refuse one that is not JSON. */
function snippets(text: string): unknown[] {
  return [...text.matchAll(/\{"(?:name|servers|mcpServers)".*\}/g)].map(([json]) => JSON.parse(json));
}

describe('the next steps', () => {
  test('hold for each client a snippet with its own shape', () => {
    const url = 'http://127.0.0.1:3000/mcp';
    assert.deepEqual(snippets(nextSteps('hello', placeOf('127.0.0.1', 3000))), [
      { name: 'hello', type: 'http', url },
      { servers: { hello: { type: 'http', url } } },
      { mcpServers: { hello: { url } } },
    ]);
  });

  test('never hand a server name to a shell as it is', () => {
    const text = nextSteps('it\'s $(mine) "1"; `rm`', placeOf('127.0.0.1'));
    assert.match(text, /claude mcp add --transport http it-s-mine-1-rm http/);
    assert.match(text, /code --add-mcp '\{"name":"it-s-mine-1-rm",[^']+'/);
    assert.match(nextSteps('天気', placeOf('127.0.0.1')), /--transport http my-server http/);
  });

  for (const host of ['0.0.0.0', '::']) {
    test(`send nobody to ${host}`, () => {
      const text = nextSteps('hello', placeOf(host));
      assert.match(text, /^hello listens on http:\/\/127\.0\.0\.1:8087\/mcp and on every network interface\n/);
      assert.equal(text.includes(host === '::' ? '[::]' : host), false);
    });
  }

  test('send clients to the public URL', () => {
    const url = 'https://mcp.example.com/mcp';
    const text = nextSteps('hello', placeOf('127.0.0.1'), { publicUrl: 'https://mcp.example.com' });
    assert.match(
      text,
      /^hello listens on http:\/\/127\.0\.0\.1:8087\/mcp\nClients reach it at https:\/\/mcp\.example\.com\/mcp\n/,
    );
    assert.deepEqual(snippets(text)[2], { mcpServers: { hello: { url } } });
    assert.match(text, /Claude {7}Settings > Connectors > Add custom connector > https:\/\/mcp\.example\.com\/mcp\n/);
    assert.equal(text.includes('cloudflared'), false);
    const within = nextSteps('hello', placeOf('127.0.0.1'), { publicUrl: 'http://example.com/tools/' });
    assert.match(within, /--transport http hello http:\/\/example\.com\/tools\n/);
    assert.match(within, /cloudflared tunnel --url http:\/\/127\.0\.0\.1:8087 /);
  });

  test('name the admin port, which may have been picked', () => {
    const text = nextSteps('hello', placeOf('127.0.0.1'), { adminUrl: 'http://127.0.0.1:9464', stateDir: 'kept' });
    assert.match(
      text,
      /\nMetrics and health are on http:\/\/127\.0\.0\.1:9464\/metrics, .*\nCtrl-C .* kept in kept\.\n/,
    );
  });

  test('keep an IPv6 address in brackets', () => {
    assert.match(
      nextSteps('hello', placeOf('::1')),
      /claude mcp add --transport http hello http:\/\/\[::1\]:8087\/mcp\n/,
    );
  });
});
