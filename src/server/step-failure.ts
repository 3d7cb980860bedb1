/** How a step failed, for the rounds in which it is not run again. */
import { thrownText } from './thrown-text.ts';
import { ToolError } from './tool-error.ts';

interface Failure {
  readonly name: string;
  readonly message: string;
  readonly code?: string | number;
  /** Its message is for the model. */
  readonly tool?: true;
}

const MAX_MESSAGE = 1000;

function failureOf(error: unknown): Failure {
  const message = thrownText(error).slice(0, MAX_MESSAGE);
  try {
    if (!(error instanceof Error)) return { name: 'Error', message };
    const { name, code }: { name: unknown; code?: unknown } = error;
    return {
      name: String(name),
      message,
      ...((typeof code === 'string' || typeof code === 'number') && { code }),
      ...(error instanceof ToolError && { tool: true }),
    };
  } catch {
    return { name: 'Error', message }; // its own getters throw
  }
}

/** What a journal keeps of an error, as JSON. Never throws. */
export function failureText(error: unknown): string {
  return JSON.stringify(failureOf(error));
}

/** An error that reads the same: `name`, `message` and `code`; its class is `ToolError` or `Error`. */
export function recordedFailure(text: string): Error {
  const { name, message, code, tool } = JSON.parse(text) as Failure;
  const error = tool === true ? new ToolError(message) : new Error(message);
  if (tool !== true) Object.defineProperty(error, 'name', { value: name, configurable: true, writable: true });
  return code === undefined ? error : Object.assign(error, { code });
}
