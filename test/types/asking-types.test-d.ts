/** Type-only: `tsc` is the test. What `ctx.elicit()` gives has the type of the form's schema. */
import type * as slipway from 'slipway';
import * as z from 'zod';

declare const ctx: slipway.ServerContext;
declare function ship(id: string, city: string | undefined): void;
declare function take(value: { city: string; express: boolean }): void;

export async function standardSchema(): Promise<string> {
  const requestedSchema = z.object({ city: z.string(), express: z.boolean() });
  const { action, content } = await ctx.elicit({ message: 'Where to?', requestedSchema });
  ship('1', content?.city);
  // @ts-expect-error: without an answer there is no content
  take(content);
  // @ts-expect-error: no such field
  void content?.street;
  if (action !== 'accept') return action;
  take(content);
  return content.city;
}

export async function jsonSchema(params: slipway.ElicitInputParams): Promise<unknown> {
  const { content } = await ctx.elicit({
    message: 'Where to?',
    requestedSchema: { type: 'object', properties: { city: { type: 'string' } } },
  });
  const page = await ctx.elicit({ mode: 'url', message: 'Sign in', url: 'https://example.com', elicitationId: '1' });
  const { action } = await ctx.elicit(params);
  // @ts-expect-error: of a form given as JSON Schema, only the kinds of values are known
  ship('1', content?.['city']);
  return [content?.['city'], page.action, action];
}
