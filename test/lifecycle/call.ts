/** One call over a connection of its own, which may be dealt to any worker. */
import { answerIn, modern, send } from '../support/mcp-post.ts';

/** The text of the tool's result. */
export async function call(url: string, name: string, args: object = {}): Promise<string> {
  const headers = { connection: 'close' };
  const { result, error } = await answerIn(
    await send(url, modern('tools/call', { name, arguments: args }, { headers })),
  );
  if (error !== undefined) throw new Error(`${error.code} ${error.message}`);
  return result.content[0].text;
}

/** The status of a path beside the endpoint. */
export async function status(url: string, path: string): Promise<number> {
  const response = await fetch(new URL(path, url), { headers: { connection: 'close' } });
  await response.arrayBuffer();
  return response.status;
}

/** Calls until so many different texts have come back; which. Fails when it takes too many. */
export async function differentAnswers(url: string, name: string, count: number): Promise<Set<string>> {
  const found = new Set<string>();
  for (let tries = 0; found.size < count; tries++) {
    if (tries === 200) throw new Error(`after ${tries} calls only ${[...found]}`);
    found.add(await call(url, name));
  }
  return found;
}

/** Waits until something holds, asked again and again; fails after 40 seconds. */
export async function until(holds: () => boolean | Promise<boolean>, what: string): Promise<void> {
  const end = performance.now() + 40_000;
  while (!(await holds())) {
    if (performance.now() > end) throw new Error(`${what} did not come about`);
    await new Promise(resolve => setTimeout(resolve, 20));
  }
}
