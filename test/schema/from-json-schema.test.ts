import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { describe, it } from 'node:test';
import { fromJsonSchema as sdkFromJsonSchema } from '@modelcontextprotocol/server';
import { AjvJsonSchemaValidator } from '@modelcontextprotocol/server/validators/ajv';
import { SlipwayError, type SlipwayErrorCode } from '../../src/protocol/coded-error.ts';
import { toJsonSchema } from '../../src/schema/conversion.ts';
import { fromJsonSchema } from '../../src/schema/from-json-schema.ts';
import { formatIssues, validate } from '../../src/schema/validation.ts';
import { askSdkServer } from './sdk-answer.ts';

const place = { kind: 'tool', name: 'tool', field: 'inputSchema' };

function faults(schema: object, value: unknown): string {
  const result = validate(fromJsonSchema(schema), value);
  assert.ok(!(result instanceof Promise));
  return formatIssues(result.issues ?? []);
}

function refuses(schema: object, code: SlipwayErrorCode, text: RegExp = /./): void {
  assert.throws(
    () => fromJsonSchema(schema),
    (error: unknown) => {
      assert.ok(error instanceof SlipwayError, String(error));
      assert.equal(error.code, code, error.message);
      assert.match(error.message, text);
      return true;
    },
  );
}

function nested(levels: number): object {
  let schema: object = { type: 'string' };
  for (let level = 0; level < levels; level++) schema = { type: 'object', properties: { a: schema } };
  return schema;
}

function wide(subschemas: number): object {
  return {
    type: 'object',
    properties: Object.fromEntries(Array.from({ length: subschemas }, (_, i) => [`p${i}`, {}])),
  };
}

describe('a raw JSON Schema goes out verbatim', () => {
  const schema = {
    properties: { region: { 'x-mcp-header': 'Region', type: 'string' } },
    'x-anything': { $ref: 'https://example.com/not-a-reference' },
    type: 'object',
    $defs: { a: { $anchor: 'here' } },
    $schema: 'https://json-schema.org/draft/2020-12/schema',
  };

  it('as the same object, with its keys in order', () => {
    assert.equal(toJsonSchema(fromJsonSchema(schema), 'input', place), schema);
    assert.equal(toJsonSchema(fromJsonSchema(schema), 'output', place), schema);
  });

  it('and means what it means to the official SDK', async () => {
    const result = await askSdkServer(
      server => server.registerTool('tool', { inputSchema: sdkFromJsonSchema(schema) }, () => ({ content: [] })),
      { method: 'tools/list' },
    );
    assert.deepEqual((result.tools as { inputSchema: unknown }[])[0]?.inputSchema, schema);
  });

  it('gets the type that the specification requires when it has none', () => {
    assert.deepEqual(toJsonSchema(fromJsonSchema({ required: ['a'] }), 'input', place), {
      type: 'object',
      required: ['a'],
    });
    assert.throws(() => toJsonSchema(fromJsonSchema({ type: 'array' }), 'input', place), {
      code: 'SLIP_SCHEMA_NOT_OBJECT',
    });
  });
});

describe('values are checked', () => {
  const schema = {
    type: 'object',
    properties: { name: { type: 'string', default: 'x' }, age: { type: 'integer' } },
    required: ['name'],
    additionalProperties: false,
  };

  it('with the text of the official SDK for one fault', async () => {
    for (const value of [{}, { name: 1 }, { name: 'a', age: '3' }, { name: 'a', other: 1 }]) {
      const result = await askSdkServer(
        server => server.registerTool('tool', { inputSchema: sdkFromJsonSchema(schema) }, () => ({ content: [] })),
        { method: 'tools/call', params: { name: 'tool', arguments: value } },
      );
      const text = (result.content as { text: string }[])[0]!.text;
      assert.notEqual(faults(schema, value), '');
      assert.ok(text.endsWith(`: ${faults(schema, value)}`), text);
    }
  });

  it('and neither coerced nor filled in', () => {
    const value = { name: 'a', age: 3 };
    const result = validate(fromJsonSchema(schema), value);
    assert.ok('value' in result);
    assert.equal(result.value, value);
    assert.equal(faults({ type: 'object', properties: { a: { default: 1 } }, required: ['a'] }, {}).length > 0, true);
  });

  it('through references inside of the schema, also by $id, $anchor and around a circle', () => {
    const tree = {
      type: 'object',
      $defs: {
        node: {
          type: 'object',
          properties: { next: { $ref: '#/$defs/node' }, v: { type: 'string' } },
          required: ['v'],
        },
        named: { $id: 'https://example.com/named', $anchor: 'n', type: 'integer' },
      },
      properties: {
        tree: { $ref: '#/$defs/node' },
        named: { $ref: 'https://example.com/named' },
      },
    };
    assert.equal(faults(tree, { tree: { v: 'a', next: { v: 'b' } }, named: 1 }), '');
    assert.equal(faults(tree, { tree: { v: 'a', next: {} } }), "data/tree/next must have required property 'v'");
    assert.equal(faults(tree, { named: 'x' }), 'data/named must be integer');
    assert.equal(
      faults({ $id: 'https://example.com/root', $ref: '#/$defs/a', $defs: { a: { type: 'null' } } }, null),
      '',
    );
  });

  it('keyword by keyword of its dialect', () => {
    const tuple = { prefixItems: [{ type: 'string' }], items: false };
    assert.equal(faults(tuple, ['a']), '');
    assert.notEqual(faults(tuple, ['a', 1]), '');
    const older = {
      $schema: 'http://json-schema.org/draft-07/schema#',
      items: [{ type: 'string' }],
      additionalItems: false,
    };
    assert.equal(faults(older, ['a']), '');
    assert.notEqual(faults(older, ['a', 1]), '');
    assert.equal(faults({ ...tuple, $schema: 'https://json-schema.org/draft/2020-12/schema#' }, ['a']), '');
  });

  it('where unknown keywords and formats mean nothing', () => {
    const loose = { type: 'string', format: 'unheard-of', 'x-mcp-header': 'A', id: 'name', example: 1 };
    assert.equal(faults(loose, 'anything'), '');
    assert.notEqual(faults(loose, 1), '');
  });
});

describe('a schema that can not be used is refused where it is made', () => {
  it('references to other documents', () => {
    for (const $ref of [
      'https://example.com/a.json',
      'other.json',
      '//example.com/a#/b',
      'file:///etc/passwd',
      'urn:x:y',
    ])
      refuses({ type: 'object', properties: { a: { $ref } } }, 'SLIP_SCHEMA_REMOTE_REF', new RegExp($ref.slice(0, 8)));
    refuses({ $dynamicRef: 'https://example.com/a#x' }, 'SLIP_SCHEMA_REMOTE_REF');
    // Found by the compiler only, behind a keyword that it does not know.
    refuses({ $ref: '#/x-hidden', 'x-hidden': { $ref: 'https://example.com/a' } }, 'SLIP_SCHEMA_REMOTE_REF');
  });

  it('dialects that are not supported', () => {
    for (const $schema of ['http://json-schema.org/draft-04/schema#', 'https://example.com/own', 7])
      refuses({ $schema }, 'SLIP_SCHEMA_DIALECT', new RegExp(String($schema)));
  });

  it('schemas that are none', () => {
    refuses({ type: 'strin' }, 'SLIP_SCHEMA_INVALID', /schema\/type/);
    refuses({ properties: 1 }, 'SLIP_SCHEMA_INVALID');
    refuses({ $schema: 'http://json-schema.org/draft-07/schema', required: 'a' }, 'SLIP_SCHEMA_INVALID');
    refuses({ pattern: '(' }, 'SLIP_SCHEMA_INVALID');
    refuses({ $ref: '#/$defs/missing' }, 'SLIP_SCHEMA_INVALID', /missing/);
    refuses({ $async: true }, 'SLIP_SCHEMA_INVALID');
    refuses({ default: 1n }, 'SLIP_SCHEMA_INVALID');
    refuses([], 'SLIP_SCHEMA_INVALID');
  });

  it('schemas that are too large, up to the last one that is not', () => {
    assert.equal(faults(nested(64), {}), '');
    refuses(nested(65), 'SLIP_SCHEMA_TOO_LARGE', /64/);
    assert.equal(faults(wide(9_999), {}), '');
    refuses(wide(10_000), 'SLIP_SCHEMA_TOO_LARGE', /10000/);
  });

  it('a schema that contains itself as an object', () => {
    const own: { properties: Record<string, unknown> } = { properties: {} };
    own.properties['self'] = own;
    refuses(own, 'SLIP_SCHEMA_INVALID', /circular/);
  });
});

describe('a validator of the author', () => {
  it('replaces the built-in one', () => {
    const schema = fromJsonSchema<{ email: string }>(
      { type: 'object', properties: { email: { type: 'string', format: 'email' } } },
      new AjvJsonSchemaValidator(),
    );
    assert.deepEqual(validate(schema, { email: 'a@example.com' }), { value: { email: 'a@example.com' } });
    const invalid = validate(schema, { email: 'nobody' });
    assert.ok('issues' in invalid && invalid.issues !== undefined);
    assert.equal(formatIssues(invalid.issues), 'data/email must match format "email"');
  });
});

describe('memory', () => {
  /** Runs in a process of its own, where nothing else allocates; prints the heap in use before and after. */
  const heapGrowth = (body: string, calls: number): number => {
    const source = new URL('../../src/schema/from-json-schema.ts', import.meta.url).href;
    const script = `
      import { fromJsonSchema } from ${JSON.stringify(source)};
      const kept = [];
      const make = (i) => { ${body} };
      const heap = () => { for (let i = 0; i < 4; i++) gc(); return process.memoryUsage().heapUsed; };
      for (let i = 0; i < 600; i++) make(i);
      const before = heap();
      for (let i = 0; i < ${calls}; i++) make(600 + i);
      console.log(heap() - before);`;
    return Number(
      execFileSync(process.execPath, ['--expose-gc', '--input-type=module-typescript', '-e', script], {
        encoding: 'utf8',
      }),
    );
  };
  const schema = `{ type: 'object', properties: { a: { type: 'string' }, b: { enum: ['x', 'y'] } }, required: ['a'] }`;

  it('does not grow over 5,000 calls with equal schemas', () => {
    const growth = heapGrowth(`fromJsonSchema(${schema})['~standard'].validate({ a: 'x' });`, 5_000);
    assert.ok(growth < 1_000_000, `${growth} bytes`);
  });

  it('does not grow with schemas that all differ', () => {
    const growth = heapGrowth(`fromJsonSchema({ ...${schema}, title: String(i) })['~standard'].validate({});`, 1_500);
    assert.ok(growth < 1_500_000, `${growth} bytes`);
  });

  it('is seen to grow when the results are kept', () => {
    const equal = heapGrowth(`kept.push(fromJsonSchema(${schema}));`, 5_000);
    assert.ok(equal > 1_000_000, `${equal} bytes`);
    const different = heapGrowth(`kept.push(fromJsonSchema({ ...${schema}, title: String(i) }));`, 1_500);
    assert.ok(different > 1_500_000, `${different} bytes`);
  });

  it('is not spent on compiling an equal schema again', () => {
    const compiled = fromJsonSchema({ type: 'object', title: 'shared', properties: { a: { pattern: '^a+$' } } });
    const NativeRegExp = globalThis.RegExp;
    let compiledPatterns = 0;
    globalThis.RegExp = new Proxy(NativeRegExp, {
      construct(target, args: ConstructorParameters<typeof RegExp>) {
        if (args[0] === '^a+$') compiledPatterns++;
        return new target(...args);
      },
    });
    try {
      const again = fromJsonSchema({ type: 'object', title: 'shared', properties: { a: { pattern: '^a+$' } } });
      assert.equal(compiledPatterns, 0);
      fromJsonSchema({ type: 'object', title: 'other', properties: { a: { pattern: '^a+$' } } });
      assert.ok(compiledPatterns > 0, 'the count sees a compilation');
      assert.notEqual(again, compiled);
    } finally {
      globalThis.RegExp = NativeRegExp;
    }
  });

  it('loads Ajv with the first raw JSON Schema and not before', () => {
    const source = new URL('../../src/schema/from-json-schema.ts', import.meta.url).href;
    const script = `
      import { createRequire } from 'node:module';
      import { fromJsonSchema } from ${JSON.stringify(source)};
      const loaded = () => Object.keys(createRequire(import.meta.url).cache).filter(file => /[\\\\/]ajv[\\\\/]/.test(file)).length;
      const before = loaded();
      fromJsonSchema({ type: 'object' });
      console.log(before, loaded() > 0);`;
    const output = execFileSync(process.execPath, ['--input-type=module-typescript', '-e', script], {
      encoding: 'utf8',
    });
    assert.equal(output.trim(), '0 true');
  });
});
