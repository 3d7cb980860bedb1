import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { corpus } from './corpus/index.ts';
import { type Difference, differences } from './difference.ts';
import { type Endpoints, sdkEndpoints, slipwayEndpoints } from './endpoints.ts';
import type { Exchange } from './exchange.ts';
import { type Answers, type Exemption, exemptionFor } from './exemption.ts';
import { exemptions } from './exemptions/index.ts';
import { errorCodes, quotas, statuses } from './quotas.ts';
import { replay } from './replay.ts';

const used = new Set<Exemption>();
const seenCodes = new Set<unknown>();
const seenStatuses = new Set<number>();
let replayed = 0;
let sdk: Endpoints;
let slipway: Endpoints;

before(async () => {
  sdk = await sdkEndpoints();
  slipway = await slipwayEndpoints();
});

after(async () => {
  await slipway?.close();
  await sdk?.close();
});

async function bothAnswers(exchange: Exchange): Promise<Answers> {
  const server = exchange.server ?? 'full';
  const [sdkAnswer, slipwayAnswer] = await Promise.all([
    replay(sdk.urls[server], exchange),
    replay(slipway.urls[server], exchange),
  ]);
  return { sdk: sdkAnswer, slipway: slipwayAnswer };
}

function describeDifference({ field, sdk: theirs, slipway: ours }: Difference): string {
  return `${field}: the SDK has ${JSON.stringify(theirs)}, Slipway ${JSON.stringify(ours)}`;
}

describe('the corpus', () => {
  it('names every exchange once', () => {
    const names = corpus.map(exchange => exchange.name);
    assert.deepEqual(
      names.filter((name, index) => names.indexOf(name) !== index),
      [],
    );
  });

  for (const { what, least, counts } of quotas) {
    it(`holds at least ${least}: ${what}`, () => {
      const count = corpus.filter(counts).length;
      assert.ok(count >= least, `${what}: ${count} exchanges, ${least} wanted`);
    });
  }
});

describe('Slipway answers as the official SDK does, except where the specification says otherwise', () => {
  for (const exchange of corpus) {
    it(exchange.name, async () => {
      const answers = await bothAnswers(exchange);
      replayed += 1;
      seenStatuses.add(answers.slipway.status);
      for (const message of answers.slipway.messages) seenCodes.add(errorCodeOf(message));
      const unexplained: string[] = [];
      for (const difference of differences(answers.sdk, answers.slipway)) {
        const exemption = exemptionFor(exemptions, difference, exchange, answers);
        if (exemption === undefined) unexplained.push(describeDifference(difference));
        else used.add(exemption);
      }
      assert.deepEqual(unexplained, []);
      for (const message of answers.slipway.messages) assertPresentable(message);
    });
  }
});

// These look at what the exchanges above left behind: a run of chosen tests says nothing about them.
describe('the whole replay', () => {
  it('uses every exemption', context => {
    if (replayed < corpus.length) return context.skip('not every exchange was replayed');
    const unused = exemptions.filter(exemption => !used.has(exemption)).map(exemption => exemption.name);
    assert.deepEqual(unused, []);
  });

  it('provokes every error code and every status', context => {
    if (replayed < corpus.length) return context.skip('not every exchange was replayed');
    assert.deepEqual(
      errorCodes.filter(code => !seenCodes.has(code)),
      [],
    );
    assert.deepEqual(
      statuses.filter(status => !seenStatuses.has(status)),
      [],
    );
  });
});

/** The wording of an error is free, but it is one short sentence for the client and shows nothing of the machine. */
function assertPresentable(message: unknown): void {
  const text = messageOf(message);
  if (text === undefined) return;
  assert.doesNotMatch(text, /\n|\bat .*:\d+:\d+|node_modules|file:\/\//);
  assert.ok(text.length <= 500, `${text.length} characters`);
}

function messageOf(message: unknown): string | undefined {
  if (message === null || typeof message !== 'object' || !('error' in message)) return undefined;
  const { error } = message;
  if (error === null || typeof error !== 'object' || !('message' in error)) return undefined;
  return String(error.message);
}

function errorCodeOf(message: unknown): unknown {
  if (message === null || typeof message !== 'object' || !('error' in message)) return undefined;
  const { error } = message;
  return error !== null && typeof error === 'object' && 'code' in error ? error.code : undefined;
}
