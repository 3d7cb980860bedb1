import type { Exchange } from '../exchange.ts';
import { batches } from './batches.ts';
import { completion } from './completion.ts';
import { customMethods } from './custom-methods.ts';
import { discover } from './discover.ts';
import { envelopes } from './envelope.ts';
import { headers } from './headers.ts';
import { http } from './http.ts';
import { ids } from './ids.ts';
import { json } from './json.ts';
import { lifecycle } from './lifecycle.ts';
import { notifications } from './notifications.ts';
import { notifying } from './notifying.ts';
import { paramHeaders } from './param-headers.ts';
import { prompts } from './prompts.ts';
import { resources } from './resources.ts';
import { roundTrips } from './round-trips.ts';
import { subscriptions } from './subscriptions.ts';
import { badToolCalls, toolCalls, toolLists } from './tools.ts';

/** Every exchange, in the order in which they are replayed. */
export const corpus: readonly Exchange[] = [
  ...discover,
  ...envelopes,
  ...headers,
  ...paramHeaders,
  ...toolLists,
  ...toolCalls,
  ...badToolCalls,
  ...resources,
  ...prompts,
  ...completion,
  ...notifying,
  ...roundTrips,
  ...subscriptions,
  ...lifecycle,
  ...notifications,
  ...batches,
  ...http,
  ...json,
  ...ids,
  ...customMethods,
];
