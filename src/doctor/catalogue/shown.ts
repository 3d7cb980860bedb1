/** Who fails in the ordinary cases, so that the rows need to say what is special only. */
import type { Client } from '../client.ts';

type Shown = Readonly<Partial<Record<Client, string>>>;

/** Every client fails in its own words. */
export function everyone(claude: string, others: string): Shown {
  const rest = { 'claude-code': others, chatgpt: others, cursor: others, vscode: others, inspector: others };
  return { claude, ...rest };
}

/** The hosted clients, which connect from the internet, and not those on the user's machine. */
export function hosted(claude: string, chatgpt: string): Shown {
  return { claude, chatgpt };
}
