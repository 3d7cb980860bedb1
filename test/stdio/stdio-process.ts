/** A server in a process of its own, spoken to over its real pipes, line by line. */
import { resolve } from 'node:path';
import type { TestContext } from 'node:test';
import { CommandProcess, SLIPWAY } from '../cli/command-process.ts';

export const QUAY = resolve(import.meta.dirname, 'fixtures/quay.ts');

export interface Message {
  readonly id?: string | number | null;
  readonly method?: string;
  readonly params?: Record<string, unknown> & { _meta?: Record<string, unknown> };
  readonly result?: Record<string, unknown>;
  readonly error?: { code: number; message: string; data?: { code?: string; supported?: string[] } };
}

const CLIENT = { name: 'test', version: '1.0.0' };
const DEADLINE_MS = 15_000;

export const MODERN_META = {
  'io.modelcontextprotocol/protocolVersion': '2026-07-28',
  'io.modelcontextprotocol/clientInfo': CLIENT,
  'io.modelcontextprotocol/clientCapabilities': { elicitation: { form: {} } },
};

export class StdioProcess extends CommandProcess {
  #next = 1;
  #taken = 0;
  readonly #messages: (Message | Message[])[] = [];
  /** How much of standard output is among them. */
  #parsed = 0;

  constructor(command: readonly string[] = [...SLIPWAY, 'start', '--stdio', QUAY]) {
    super(command, undefined, 'pipe');
  }

  /** Everything that it wrote to standard output, a value per line; throws for a line that is no JSON. */
  get messages(): readonly (Message | Message[])[] {
    for (;;) {
      const end = this.stdout.indexOf('\n', this.#parsed);
      if (end < 0) return this.#messages;
      this.#messages.push(JSON.parse(this.stdout.slice(this.#parsed, end)) as Message);
      this.#parsed = end + 1;
    }
  }

  /** Sends bytes as they are. */
  write(bytes: string | Uint8Array): void {
    this.child.stdin!.write(bytes);
  }

  send(message: object): void {
    this.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);
  }

  /** Ends its input. */
  hangUp(last = ''): void {
    this.child.stdin!.end(last);
  }

  /** The first message that fits, now or later. */
  async message(fits: (message: Message) => boolean): Promise<Message> {
    const deadline = performance.now() + DEADLINE_MS;
    for (;;) {
      const found = this.messages.flat().find(fits);
      if (found !== undefined) return found;
      const ended = this.child.exitCode !== null || this.child.signalCode !== null;
      if (ended || performance.now() > deadline) {
        throw new Error(`no such message in:\n${this.stdout.slice(-2000)}\n${this.stderr.slice(-2000)}`);
      }
      await new Promise(resolve => setTimeout(resolve, 10));
    }
  }

  /** The next line that was not taken before. */
  async next(): Promise<Message | Message[]> {
    const at = this.#taken++;
    await this.message(() => this.messages.length > at);
    return this.messages[at]!;
  }

  /** Sends a request without waiting. */
  begin(method: string, params: object = {}): number {
    const id = this.#next++;
    this.send({ id, method, params });
    return id;
  }

  async ask(method: string, params: object = {}): Promise<Message> {
    return this.answer(this.begin(method, params));
  }

  answer(id: number): Promise<Message> {
    return this.message(message => message.id === id && message.method === undefined);
  }

  /** The same in the modern era. */
  askModern(method: string, params: object = {}): Promise<Message> {
    return this.ask(method, { ...params, _meta: MODERN_META });
  }

  async initialize(revision = '2025-11-25', capabilities: object = {}): Promise<Message> {
    const answer = await this.ask('initialize', { protocolVersion: revision, capabilities, clientInfo: CLIENT });
    this.send({ method: 'notifications/initialized' });
    return answer;
  }
}

export function textOf(answer: Message): string {
  if (answer.result === undefined) throw new Error(JSON.stringify(answer));
  return (answer.result['content'] as { text: string }[])[0]!.text;
}

/** A running `slipway start --stdio`; ended with the test. */
export function started(t: TestContext, command?: readonly string[]): StdioProcess {
  const process = new StdioProcess(command);
  t.after(() => process[Symbol.asyncDispose]());
  return process;
}
