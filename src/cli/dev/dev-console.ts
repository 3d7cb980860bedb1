/** What `slipway dev` tells the person at the terminal. */
import { styleText } from 'node:util';
import type { WorkerPlace } from '../../host/process/worker-messages.ts';
import { type Offer, offerChanges } from './offer.ts';

type Style = Parameters<typeof styleText>[0];

function styled(style: Style, text: string): string {
  return styleText(style, text, { stream: process.stdout });
}

const MARKS: Readonly<Record<string, Style>> = { '+': 'green', '-': 'red', '~': 'yellow' };

function indented(text: string): string {
  return text.replace(/^(?=.)/gm, '  ');
}

export class DevConsole {
  readonly #file: string;
  readonly #place: { readonly host: string; readonly port: number };
  #offer: Offer | undefined;

  /**
   * @param file the server file, as the user would write it
   * @param place where it listens; port 0 for any
   */
  constructor(file: string, place: { readonly host: string; readonly port: number }) {
    this.#file = file;
    this.#place = place;
  }

  #say(text: string): void {
    process.stdout.write(`${text}\n`);
  }

  /** A fresh process serves. At the start (`why` undefined) that is told elsewhere. */
  loaded(why: string | undefined, ms: number, offer: Offer | undefined, place: WorkerPlace): void {
    const before = this.#offer;
    this.#offer = offer ?? before;
    if (why === undefined) return;
    this.#say(`${styled('green', '✓')} ${why}: reloaded in ${Math.round(ms)} ms`);
    if (before !== undefined && offer !== undefined) {
      for (const line of offerChanges(before, offer)) this.#say(`  ${styled(MARKS[line[0]!]!, line)}`);
    }
    this.#sayWhereElse(place);
  }

  /** The port is this process's own: it stays. */
  #sayWhereElse({ settings: { host, port } }: WorkerPlace): void {
    const asked = this.#place;
    if (host === asked.host && port === asked.port) return;
    this.#say(`  To listen on ${host}:${port} from now on, end slipway dev and start it again.`);
  }

  broken(why: string | undefined, message: string, isServed: boolean): void {
    const what = why === undefined ? `${this.#file} does not load` : `${why}, and ${this.#file} does not load`;
    const rest = isServed ? 'the last good version still serves' : 'nothing serves, and requests wait for a change';
    this.#say(`${styled('red', '✗')} ${what}: ${rest}\n${indented(message.trim())}`);
  }

  crashed(why: string): void {
    this.#say(`${styled('red', '✗')} ${why}, soon after it was loaded. The next change starts it again.`);
  }

  slow(): void {
    this.#say(`  ${this.#file} is still loading. A change gives this up and loads it again.`);
  }

  unwatched(why: string): void {
    const hint = 'CHOKIDAR_USEPOLLING=1 looks at the files instead of being told';
    this.#say(`${styled('red', '✗')} Changes may go unnoticed: ${why}. ${hint}.`);
  }
}
