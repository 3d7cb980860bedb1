import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { connect, type TestClient } from 'slipway/testing';
import { ExampleProcess } from './example-process.ts';

function start(): ExampleProcess {
  return new ExampleProcess('notes', folder => ({ NOTES_DB: join(folder, 'notes.db') }));
}

async function addMilk(client: TestClient): Promise<void> {
  const added = await client.callTool('add', { title: 'Milk', text: 'Two bottles', tags: ['shopping'] });
  assert.equal(added.text, 'Note 1 is written.');
}

describe('the notes example', { concurrency: 2 }, () => {
  test('adds, finds, reads and deletes notes', async () => {
    await using server = start();
    await using client = await connect(await server.listening());
    await addMilk(client);
    await client.callTool('add', { title: 'Bread', text: '100% rye' });

    const found = await client.callTool('search', { text: 'bottles' });
    assert.deepEqual(
      (found.structuredContent as { notes: { id: number; title: string }[] }).notes.map(({ id, title }) => [id, title]),
      [[1, 'Milk']],
    );
    assert.match((await client.callTool('search', { tag: 'shopping' })).text, /Milk/);
    assert.doesNotMatch((await client.callTool('search', { text: '%y' })).text, /Milk|Bread/, '% is no pattern');
    assert.match((await client.callTool('search', { text: '0% r' })).text, /Bread/);

    assert.match((await client.readResource('notes://1')).text, /^# Milk\n\nTwo bottles\n/);
    assert.deepEqual(
      (await client.listResources()).map(({ uri }) => uri),
      ['notes://2', 'notes://1'],
    );
    assert.equal((await client.callTool('delete', { id: 1 })).text, 'Note 1 is deleted.');
    await assert.rejects(client.readResource('notes://1'), /not found/i);
    const again = await client.callTool('delete', { id: 1 });
    assert.equal(again.isError, true);
    assert.match(again.text, /There is no note 1\./);
  });

  test('completes tags and numbers, and hands notes to a prompt', async () => {
    await using server = start();
    await using client = await connect(await server.listening());
    await addMilk(client);
    await client.callTool('add', { title: 'Trip', text: 'To Lisbon', tags: ['travel', 'summer'] });
    assert.deepEqual(await client.complete('summarize', 'tag', 's'), ['shopping', 'summer']);
    assert.deepEqual(await client.complete('notes://{id}', 'id', ''), ['2', '1']);
    const prompt = await client.getPrompt('summarize', { tag: 'travel' });
    assert.match(prompt.text, /Summarize these notes on travel.*To Lisbon/s);
    assert.doesNotMatch(prompt.text, /bottles/);
  });

  for (const era of ['modern', 'legacy'] as const) {
    test(`tells a ${era} client that subscribed to a note when it changes, and of no other note`, async () => {
      await using server = start();
      const url = await server.listening();
      await using editor = await connect(url);
      await addMilk(editor);
      await editor.callTool('add', { title: 'Bread', text: 'Rye' });

      const mode = era === 'modern' ? { pin: '2026-07-28' } : 'legacy';
      const subscriber = new Client({ name: 'subscriber', version: '1.0.0' }, { versionNegotiation: { mode } });
      const updated: string[] = [];
      subscriber.setNotificationHandler(
        'notifications/resources/updated',
        ({ params }) => void updated.push(params.uri),
      );
      await subscriber.connect(new StreamableHTTPClientTransport(new URL(url)));
      if (era === 'modern') await subscriber.listen({ resourceSubscriptions: ['notes://1'] });
      else await subscriber.subscribeResource({ uri: 'notes://1' });

      await editor.callTool('append', { id: 2, text: 'And butter' });
      // The stream of a legacy client opens when it opens.
      for (let tries = 0; tries < 100 && updated.length === 0; tries++) {
        await editor.callTool('append', { id: 1, text: 'And butter' });
        await new Promise(resolve => setTimeout(resolve, 20));
      }
      assert.deepEqual([...new Set(updated)], ['notes://1']);
      await subscriber.close();
    });
  }

  test('keeps notes over a restart', async () => {
    await using first = start();
    {
      await using client = await connect(await first.listening());
      await addMilk(client);
    }
    first.child.kill('SIGTERM');
    assert.equal((await first.ended()).code, 0);
    await using second = new ExampleProcess('notes', { NOTES_DB: join(first.folder, 'notes.db') });
    await using client = await connect(await second.listening());
    assert.match((await client.readResource('notes://1')).text, /Milk/);
  });
});
