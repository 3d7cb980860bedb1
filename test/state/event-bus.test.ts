import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createServerNotifier, type ServerEvent } from '../../src/state/event-bus.ts';
import { InMemoryServerEventBus } from '../../src/state/memory/event-bus.ts';

const CHANGED: ServerEvent = { kind: 'tools_list_changed' };

test('every listener hears every event, before publish returns', () => {
  const bus = new InMemoryServerEventBus();
  const heard: string[] = [];
  bus.publish(CHANGED);
  bus.subscribe(event => heard.push(`one ${event.kind}`));
  bus.subscribe(event => heard.push(`two ${event.kind}`));
  bus.publish(CHANGED);
  assert.deepEqual(heard, ['one tools_list_changed', 'two tools_list_changed']);
});

test('unsubscribing ends one subscription, once', () => {
  const bus = new InMemoryServerEventBus();
  let heard = 0;
  const listener = (): void => {
    heard += 1;
  };
  const first = bus.subscribe(listener);
  bus.subscribe(listener);
  assert.equal(bus.listenerCount, 2);
  bus.publish(CHANGED);
  assert.equal(heard, 2);
  first();
  first();
  assert.equal(bus.listenerCount, 1);
  bus.publish(CHANGED);
  assert.equal(heard, 3);
});

test('a listener that throws does not keep the event from the others, and onerror hears of it', () => {
  const errors: Error[] = [];
  const bus = new InMemoryServerEventBus(error => errors.push(error));
  const boom = new Error('boom');
  let heard = 0;
  bus.subscribe(() => {
    throw boom;
  });
  bus.subscribe(() => {
    throw 'text';
  });
  bus.subscribe(() => {
    heard += 1;
  });
  bus.publish(CHANGED);
  assert.equal(heard, 1);
  assert.equal(errors[0], boom);
  assert.ok(errors[1] instanceof Error && errors[1].message === 'text');

  const silent = new InMemoryServerEventBus();
  silent.subscribe(() => {
    throw boom;
  });
  assert.doesNotThrow(() => silent.publish(CHANGED));
});

test('listeners may come and go while an event is delivered', () => {
  const bus = new InMemoryServerEventBus();
  const heard: string[] = [];
  let leaveLast = (): void => {};
  const leaveFirst = bus.subscribe(() => {
    heard.push('first');
    leaveFirst();
    leaveLast();
    bus.subscribe(() => heard.push('late'));
  });
  bus.subscribe(() => heard.push('middle'));
  leaveLast = bus.subscribe(() => heard.push('last'));
  bus.publish(CHANGED);
  assert.deepEqual(heard, ['first', 'middle']);
  bus.publish(CHANGED);
  assert.deepEqual(heard, ['first', 'middle', 'middle', 'late']);
});

test('the notifier publishes each kind of event', () => {
  const bus = new InMemoryServerEventBus();
  const events: ServerEvent[] = [];
  bus.subscribe(event => events.push(event));
  const { toolsChanged, promptsChanged, resourcesChanged, resourceUpdated } = createServerNotifier(bus);
  toolsChanged();
  promptsChanged();
  resourcesChanged();
  resourceUpdated('file:///a');
  assert.deepEqual(events, [
    { kind: 'tools_list_changed' },
    { kind: 'prompts_list_changed' },
    { kind: 'resources_list_changed' },
    { kind: 'resource_updated', uri: 'file:///a' },
  ]);
});
