import assert from 'node:assert/strict';
import { performance } from 'node:perf_hooks';
import { test } from 'node:test';
import { UriTemplate as SdkUriTemplate } from '@modelcontextprotocol/server';
import { SlipwayError } from '../../src/protocol/coded-error.ts';
import { MAX_MATCHED_URI_LENGTH, UriTemplate } from '../../src/protocol/uri-template.ts';

/** Template and URI: both implementations must answer alike, whether it matches or not. */
const pairs: readonly (readonly [string, string])[] = [
  ['file:///readme', 'file:///readme'],
  ['file:///readme', 'file:///readme2'],
  ['file:///readme', ''],
  ['users://{id}', 'users://42'],
  ['users://{id}', 'users://'],
  ['users://{id}', 'users://a/b'],
  ['users://{id}', 'users://a,b'],
  ['users://{id}', 'users://a%20b'],
  ['users://{id}', 'users://a%2Fb'],
  ['users://{id}', 'users://a?b=c'],
  ['users://{id}', 'users://ü'],
  ['users://{id}', 'other://42'],
  ['users://{id}', 'users://42\n'],
  ['users://{id}/profile', 'users://42/profile'],
  ['users://{id}/profile', 'users://42/profile/'],
  ['users://{id}/profile', 'users:///profile'],
  ['repo://{owner}/{name}', 'repo://a/b'],
  ['repo://{owner}/{name}', 'repo://a/b/c'],
  ['{scheme}://{host}', 'http://example'],
  ['{a}{b}', 'xyz'],
  ['{a}{b}', 'x'],
  ['{a}-{b}', 'x-y-z'],
  ['{a}-{b}-{c}', 'x-y-z-w'],
  ['{a}.{b}', 'x.y.z'],
  ['a{b}a', 'aaaa'],
  ['a{b}a', 'aa'],
  ['{a}/{a}', 'x/y'],
  ['file:///{+path}', 'file:///a/b/c.txt'],
  ['file:///{+path}', 'file:///'],
  ['file:///{+path}', 'file:///a,b?c#d'],
  ['file:///{+path}', 'file:///a\nb'],
  ['file:///{+path}/meta', 'file:///a/b/meta'],
  ['file:///{+path}/meta', 'file:///meta/meta/meta'],
  ['{+a}/{+b}', 'x/y/z'],
  ['{+a}/{b}', 'x/y/z'],
  ['{+list*}', 'a,b/c'],
  ['files{/name}', 'files/a'],
  ['files{/name}', 'files'],
  ['files{/name}', 'files/a/b'],
  ['files{/name*}', 'files/a'],
  ['files{/name*}', 'files/a,b'],
  ['{dir}{/name}', 'x/y'],
  ['file{.ext}', 'file.txt'],
  ['file{.ext}', 'file.tar.gz'],
  ['file{.ext}', 'file'],
  ['tags/{list*}', 'tags/a,b,c'],
  ['tags/{list*}', 'tags/a'],
  ['tags/{list*}', 'tags/,a'],
  ['tags/{list*}', 'tags/a,,b'],
  ['tags/{list*}', 'tags/a,'],
  ['search{?q}', 'search?q=x'],
  ['search{?q}', 'search'],
  ['search{?q}', 'search?q='],
  ['search{?q}', 'search?q=x&y=z'],
  ['search{?q}', 'search?q=a/b,c#d'],
  ['search{?q,page}', 'search?q=x&page=2'],
  ['search{?q,page}', 'search?page=2&q=x'],
  ['search{?q,page}', 'search?q=x'],
  ['search{?q,page}', 'search?q=x=y&page=2'],
  ['search?fixed=1{&q}', 'search?fixed=1&q=x'],
  ['search{?tags*}', 'search?tags=a,b'],
  ['{user-id}', '42'],
  ['{ id }', '42'],
  ['a.b+c(d){x}[e]', 'a.b+c(d)42[e]'],
  ['a.b{x}', 'aXb42'],
  ['}{x}', '}y'],
];

test('matches what the official SDK matches', () => {
  for (const [template, uri] of pairs) {
    const ours = new UriTemplate(template);
    assert.deepEqual(ours.match(uri), new SdkUriTemplate(template).match(uri), `${template} and ${uri}`);
  }
  const matching = pairs.filter(([template, uri]) => new UriTemplate(template).match(uri) !== null);
  assert.ok(pairs.length >= 40 && matching.length >= 30 && matching.length < pairs.length);
});

test('names, text and isTemplate agree with the official SDK', () => {
  for (const [template] of pairs) {
    assert.deepEqual(new UriTemplate(template).variableNames, new SdkUriTemplate(template).variableNames, template);
    assert.equal(new UriTemplate(template).toString(), template);
  }
  for (const text of ['', 'a', '{a}', '{}', '{ }', '{ {a}', '{a b}', '{a', 'a}', '}{a}', '{{a}', '{\n{b}', 'x{?a,b}y'])
    assert.equal(UriTemplate.isTemplate(text), SdkUriTemplate.isTemplate(text), JSON.stringify(text));
});

test('expands as the official SDK does', () => {
  const expansions: readonly (readonly [string, Record<string, string | string[]>])[] = [
    ['a/{x}', { x: 'b' }],
    ['a/{x}', { x: 'b c/d?ü&' }],
    ['a/{x}', {}],
    ['a/{x}', { x: ['b', 'c'] }],
    ['a/{+x}', { x: 'b/c d' }],
    ['a/{+x}', { x: ['b', 'c/d'] }],
    ['a{#x}', { x: 'b/c' }],
    ['a{.x}', { x: 'b' }],
    ['a{.x*}', { x: ['b', 'c'] }],
    ['a{/x}', { x: 'b/c' }],
    ['a{/x*}', { x: ['b', 'c'] }],
    ['a{?x}', { x: 'b c' }],
    ['a{?x}', { x: '' }],
    ['a{?x,y}', { x: '1', y: '2' }],
    ['a{?x,y}', { y: '2' }],
    ['a{?x,y}', {}],
    ['a{?x}', { x: ['b', 'c'] }],
    ['a{?x}{?y}', { x: '1', y: '2' }],
    ['a{?x}{?y}', { y: '2' }],
    ['a?z=1{&x,y}', { x: '1', y: '2' }],
    ['{x,y}', { x: '1', y: '2' }],
    ['{x,y}', { y: '2' }],
  ];
  for (const [template, variables] of expansions) {
    const where = `${template} ${JSON.stringify(variables)}`;
    assert.equal(new UriTemplate(template).expand(variables), new SdkUriTemplate(template).expand(variables), where);
  }
});

test('follows RFC 6570 where the official SDK does not', () => {
  const variables = { x: '1', y: '2', list: ['a', 'b'], odd: 'a/b c' };
  const expansions: readonly (readonly [string, string])[] = [
    ['{/x,y}', '/1/2'],
    ['{.x,y}', '.1.2'],
    ['{#x,y}', '#1,2'],
    ['{x,odd}', '1,a%2Fb%20c'],
    ['{/list}', '/a,b'],
    ['{.list}', '.a,b'],
    ['{?list*}', '?list=a&list=b'],
    ['{&list*}', '&list=a&list=b'],
    ['{?x,list*}', '?x=1&list=a&list=b'],
  ];
  for (const [template, uri] of expansions) assert.equal(new UriTemplate(template).expand(variables), uri, template);
  assert.equal(new UriTemplate('{/list*}').expand({ list: [] }), '');
  assert.equal(new UriTemplate('{valueOf}').expand({}), '', 'only own members are values');
  assert.equal(new UriTemplate('{x}').expand({ x: '\ud800' }), '%EF%BF%BD', 'a lone surrogate does not throw');
});

test('matches its own expansions', () => {
  const round: readonly (readonly [string, Record<string, string | string[]>])[] = [
    ['a{#x}', { x: 'frag/ment' }],
    ['a{/x*}', { x: ['b', 'c', 'd'] }],
    ['a{/x*}/end', { x: ['b', 'c'] }],
    ['a{.x*}', { x: ['tar', 'gz'] }],
    ['a{?x*}', { x: ['b', 'c'] }],
    ['a{?x*,y}', { x: ['b', 'c'], y: '1' }],
    ['a{?x}{?y}', { x: '1', y: '2' }],
    ['{x,y}', { x: '1', y: '2' }],
    ['a{/x,y}', { x: '1', y: '2' }],
    ['a{x*}', { x: ['b', 'c'] }],
    ['{+x*}', { x: ['b', 'c'] }],
  ];
  for (const [template, variables] of round) {
    const compiled = new UriTemplate(template);
    assert.deepEqual(compiled.match(compiled.expand(variables)), variables, template);
  }
});

test('refuses what is no template, or none that can be matched', () => {
  const refused = ['{', 'a{b', '{}', '{,}', '{a,}', '{?}', '{a:3}', '{a*b}', '{a{b}', 'x'.repeat(10_001)];
  for (const template of [...refused, '{a}'.repeat(101)]) {
    assert.throws(
      () => new UriTemplate(template),
      (error: unknown) => error instanceof SlipwayError && error.code === 'SLIP_INVALID_OPTION',
      template.slice(0, 40),
    );
  }
  assert.equal(new UriTemplate('{a}'.repeat(100)).variableNames.length, 100);
});

test('a URI that is too long matches nothing', () => {
  const template = new UriTemplate('{+all}');
  assert.equal(template.match('x'.repeat(MAX_MATCHED_URI_LENGTH))?.['all']?.length, MAX_MATCHED_URI_LENGTH);
  assert.equal(template.match('x'.repeat(MAX_MATCHED_URI_LENGTH + 1)), null);
});

/** The fastest of three runs, in milliseconds: the machine may be busy, the algorithm may not be slow. */
function fastest(run: () => void): number {
  let best = Number.POSITIVE_INFINITY;
  for (let round = 0; round < 3; round++) {
    const start = performance.now();
    run();
    best = Math.min(best, performance.now() - start);
  }
  return best;
}

test('hostile URIs take linear time', () => {
  const hostile: readonly (readonly [string, (length: number) => string])[] = [
    ['{a}{b}{c}{d}{e}/x', length => 'a'.repeat(length)],
    ['{+a}/{+b}/{+c}/{+d}!', length => '/a'.repeat(length / 2)],
    ['{a}-{b}-{c}-{d}-{e}!', length => '-'.repeat(length)],
    ['{a*}{b*}{c*}!', length => 'a,'.repeat(length / 2)],
    ['x{/a*}{/b*}{/c*}!', length => `x${'/a'.repeat(length / 2 - 1)}`],
    ['{?a*}{?b*}!', length => `?a=1${'&a=1'.repeat(length / 4 - 1)}`],
    ['{+a}{+b}{+c}{+d}aaaaaaaaab', length => 'a'.repeat(length)],
  ];
  for (const [template, uri] of hostile) {
    const compiled = new UriTemplate(template);
    const short = uri(8_000);
    const long = uri(64_000);
    assert.equal(compiled.match(long), null, template);
    const shortTime = fastest(() => compiled.match(short));
    const longTime = fastest(() => compiled.match(long));
    // Eight times the length: linear is a factor of 8, quadratic 64, cubic 512.
    assert.ok(longTime < Math.max(shortTime * 32, 50), `${template}: ${shortTime} ms, then ${longTime} ms`);
  }
  const open = '{'.repeat(1_000_000);
  assert.equal(UriTemplate.isTemplate(open), false);
  assert.ok(fastest(() => UriTemplate.isTemplate(open)) < 1_000);
});
