/** Who fails in the ordinary cases, so that the rows need to say what is special only. */
import type { Client } from '../client.ts';

export type Shown = Readonly<Partial<Record<Client, string>>>;

/** Every client fails, Claude with a text of its own. */
export function everyone(claude: string, others: string): Shown {
  return { claude, 'claude-code': others, chatgpt: others, cursor: others, vscode: others, inspector: others };
}

/** The hosted clients, which come from the internet, and not those on the user's machine. */
export function hosted(claude: string, chatgpt: string): Shown {
  return { claude, chatgpt };
}

/** Clients on the user's machine, which sign in by a loopback redirect. */
export function local(text: string): Shown {
  return { 'claude-code': text, cursor: text, vscode: text, inspector: text };
}

/** What runs in a browser. */
export function browsers(text: string): Shown {
  return { inspector: text };
}
