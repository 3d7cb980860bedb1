/** A line for each call and each refused request, as a person reads it who writes the server. */
import { calledComponent } from '../../host/sight/log-call.ts';
import type { CallObserver, CallOutcome, EndedCall } from '../../server/call-observer.ts';
import type { HttpObserver, RefusedRequest } from '../../transport/http/http-observer.ts';
import { clock, devStyle } from './dev-logger.ts';

const STYLES: Readonly<Record<CallOutcome, Parameters<typeof devStyle>[0]>> = {
  ok: 'green',
  input_required: 'cyan',
  cancelled: 'yellow',
  tool_error: 'red',
  error: 'red',
};

const MAX_URL_CHARS = 100;

/** What a stranger sent must not move the cursor or change colours. */
function plain(text: string): string {
  return text.replace(/\p{Cc}/gu, '\ufffd');
}

function say(text: string): void {
  process.stderr.write(`${clock()} ${text}\n`);
}

export class DevCalls implements CallObserver, HttpObserver {
  ended({ context, outcome, durationMs, errorCode }: EndedCall): void {
    const name = calledComponent(context)?.name;
    const what = name === undefined ? context.call.method : `${context.call.method} ${name}`;
    const code = errorCode === undefined ? '' : ` ${errorCode}`;
    say(
      `${plain(what)} ${devStyle(STYLES[outcome], `${outcome.replace('_', ' ')}${code}`)} ${durationMs.toFixed(1)} ms`,
    );
  }

  refused({ status, method, url, code }: RefusedRequest): void {
    const path = url.split('?', 1)[0]!.slice(0, MAX_URL_CHARS);
    say(`${devStyle('red', `refused ${status}`)} ${plain(`${method} ${path} ${code ?? ''}`).trimEnd()}`);
  }
}
