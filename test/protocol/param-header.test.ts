import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { checkParamHeaders, compileParamHeaders, type ParamHeaderRule } from '../../src/protocol/param-header.ts';

function rulesOf(schema: unknown): ParamHeaderRule[] {
  const compiled = compileParamHeaders(schema);
  assert.ok('rules' in compiled, JSON.stringify(compiled));
  return compiled.rules;
}

function faultOf(schema: unknown): string {
  const compiled = compileParamHeaders(schema);
  assert.ok('fault' in compiled, JSON.stringify(compiled));
  return compiled.fault;
}

const annotated = (name: unknown, type: unknown = 'string'): object => ({ type, 'x-mcp-header': name });
const object = (properties: object): object => ({ type: 'object', properties });

describe('x-mcp-header declarations', () => {
  it('are found at any depth of properties', () => {
    const schema = object({
      region: annotated('Region'),
      query: { type: 'string' },
      options: object({
        limit: annotated('Limit', 'integer'),
        deep: object({ dry: annotated("a!#$%&'*+-.^_`|~9", 'boolean') }),
      }),
    });
    assert.deepEqual(rulesOf(schema), [
      { header: 'Mcp-Param-Region', headerKey: 'mcp-param-region', path: ['region'], type: 'string' },
      { header: 'Mcp-Param-Limit', headerKey: 'mcp-param-limit', path: ['options', 'limit'], type: 'integer' },
      {
        header: "Mcp-Param-a!#$%&'*+-.^_`|~9",
        headerKey: "mcp-param-a!#$%&'*+-.^_`|~9",
        path: ['options', 'deep', 'dry'],
        type: 'boolean',
      },
    ]);
  });

  it('are absent from most tools', () => {
    for (const schema of [object({ a: { type: 'string' } }), {}, undefined, null, true, 'x', { properties: null }])
      assert.deepEqual(rulesOf(schema), []);
  });

  it('are not seen in data and in properties of that name', () => {
    assert.deepEqual(rulesOf(object({ 'x-mcp-header': { type: 'string' } })), []);
    assert.deepEqual(
      rulesOf(object({ a: { default: annotated('A'), enum: [annotated('B')], const: annotated('C') } })),
      [],
    );
  });

  const FAULTS: [string, object, RegExp][] = [
    ['an empty name', object({ a: annotated('') }), /non-empty/],
    ['a name that is no string', object({ a: annotated(7) }), /non-empty string/],
    ['a name with a space', object({ a: annotated('My Region') }), /token/],
    ['a name with a colon', object({ a: annotated('a:b') }), /token/],
    ['a name with a line break', object({ a: annotated('a\r\nb') }), /token/],
    ['a name outside of ASCII', object({ a: annotated('größe') }), /token/],
    ['the same name twice', object({ a: annotated('Region'), b: object({ c: annotated('REGION') }) }), /b\.c and a/],
    ['a number', object({ a: annotated('A', 'number') }), /number/],
    ['an object', object({ a: annotated('A', 'object') }), /object/],
    ['a nullable string', object({ a: annotated('A', ['string', 'null']) }), /null/],
    ['no type', object({ a: { 'x-mcp-header': 'A' } }), /undeclared/],
    ['the root', { ...object({}), 'x-mcp-header': 'A' }, /stands at \//],
    ['items', object({ a: { type: 'array', items: annotated('A') } }), /\/properties\/a\/items/],
    ['an old tuple', object({ a: { items: [annotated('A')] } }), /items/],
    ['properties under items', object({ a: { items: object({ b: annotated('A') }) } }), /items/],
    ['additionalProperties', { additionalProperties: annotated('A') }, /additionalProperties/],
    ['patternProperties', { patternProperties: { '^a': annotated('A') } }, /patternProperties/],
    ['$defs', { $defs: { a: annotated('A') }, ...object({ a: { $ref: '#/$defs/a' } }) }, /\$defs/],
    ...['allOf', 'anyOf', 'oneOf', 'prefixItems'].map((keyword): [string, object, RegExp] => [
      keyword,
      { [keyword]: [object({ a: annotated('A') })] },
      new RegExp(keyword),
    ]),
    ...['not', 'if', 'then', 'else', 'contains', 'propertyNames'].map((keyword): [string, object, RegExp] => [
      keyword,
      { [keyword]: object({ a: annotated('A') }) },
      new RegExp(keyword),
    ]),
  ];
  for (const [name, schema, text] of FAULTS) it(`must not be on ${name}`, () => assert.match(faultOf(schema), text));

  it('end with a schema that contains itself', () => {
    const own: { properties: Record<string, unknown> } = { properties: {} };
    own.properties['self'] = own;
    assert.match(faultOf(own), /64 levels/);
  });
});

describe('Mcp-Param headers against arguments', () => {
  const rules = rulesOf(
    object({
      region: annotated('Region'),
      limit: annotated('Limit', 'integer'),
      dry: annotated('Dry', 'boolean'),
      at: object({ zone: annotated('Zone') }),
    }),
  );
  const check = (args: unknown, headers: Record<string, string> = {}) =>
    checkParamHeaders(rules, args, name => headers[name]);

  const EQUAL: [string, unknown, Record<string, string>][] = [
    ['nothing at all', undefined, {}],
    ['null', { region: null, limit: null, at: null }, {}],
    ['a string', { region: 'us' }, { 'mcp-param-region': 'us' }],
    ['white space around', { region: 'us' }, { 'mcp-param-region': '  us ' }],
    ['an encoded string', { region: 'Größe' }, { 'mcp-param-region': '=?base64?R3LDtsOfZQ==?=' }],
    ['an empty string', { region: '' }, { 'mcp-param-region': '' }],
    ['a literal that looks encoded', { region: '=?base64?SGVsbG8=' }, { 'mcp-param-region': '=?base64?SGVsbG8=' }],
    ['an integer', { limit: 42 }, { 'mcp-param-limit': '42' }],
    ['an integer with a fraction of zeros', { limit: 42 }, { 'mcp-param-limit': '42.0' }],
    ['a negative integer', { limit: -7 }, { 'mcp-param-limit': '-7' }],
    ['the largest integer', { limit: Number.MAX_SAFE_INTEGER }, { 'mcp-param-limit': '9007199254740991' }],
    ['a boolean', { dry: false }, { 'mcp-param-dry': 'false' }],
    ['a nested value', { at: { zone: 'b' } }, { 'mcp-param-zone': 'b' }],
    ['a header without a value', {}, { 'mcp-param-region': 'us' }],
    ['a value of the wrong kind, which validation will refuse', { region: { a: 1 }, at: 'x' }, {}],
    ['the wrong type, mirrored faithfully', { limit: 'many' }, { 'mcp-param-limit': 'many' }],
  ];
  for (const [name, args, headers] of EQUAL) it(`agree: ${name}`, () => assert.equal(check(args, headers), undefined));

  const DIFFERENT: [string, unknown, Record<string, string>, RegExp][] = [
    ['a missing header', { region: 'us' }, {}, /Mcp-Param-Region is missing, but the argument region/],
    ['a missing nested header', { at: { zone: 'b' } }, {}, /Mcp-Param-Zone is missing.*at\.zone/],
    ['another value', { region: 'us' }, { 'mcp-param-region': 'eu' }, /"eu".*"us"/],
    ['another case', { region: 'us' }, { 'mcp-param-region': 'US' }, /"US"/],
    ['the empty header', { region: 'us' }, { 'mcp-param-region': '' }, /""/],
    ['bad padding', { region: 'Hello' }, { 'mcp-param-region': '=?base64?SGVsbG8?=' }, /invalid/],
    ['bad characters', { region: 'Hello' }, { 'mcp-param-region': '=?base64?SGVs!!!bG8=?=' }, /invalid/],
    ['bad characters without a value', {}, { 'mcp-param-region': 'a\u0001' }, /invalid/],
    ['another integer', { limit: 42 }, { 'mcp-param-limit': '43' }, /"43".*42/],
    ['a fraction', { limit: 42 }, { 'mcp-param-limit': '42.00000000000000001' }, /42/],
    ['hexadecimal', { limit: 42 }, { 'mcp-param-limit': '0x2a' }, /0x2a/],
    ['an exponent', { limit: 40 }, { 'mcp-param-limit': '4e1' }, /4e1/],
    ['an empty integer', { limit: 0 }, { 'mcp-param-limit': '' }, /""/],
    ['an unsafe integer', { limit: 2 ** 53 }, { 'mcp-param-limit': '9007199254740993' }, /safe range/],
    ['another boolean', { dry: true }, { 'mcp-param-dry': 'True' }, /"True"/],
  ];
  for (const [name, args, headers, text] of DIFFERENT)
    it(`disagree: ${name}`, () => assert.match(check(args, headers) ?? 'accepted', text));

  it('finds no argument on a prototype', () => {
    const inherited = rulesOf(object({ toString: annotated('A') }));
    assert.equal(
      checkParamHeaders(inherited, {}, () => undefined),
      undefined,
    );
    assert.match(checkParamHeaders(inherited, { toString: 'own' }, () => undefined) ?? 'accepted', /missing/);
  });

  it('shows no more than the beginning of a long value', () => {
    const message = check({ region: 'a'.repeat(10_000) }, { 'mcp-param-region': 'b'.repeat(10_000) });
    assert.ok(message !== undefined && message.length < 400);
  });
});
