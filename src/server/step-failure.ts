/** How a step failed, for the rounds in which it is not run again. */
import { ToolError } from './tool-error.ts';

interface Failure {
  readonly name: string;
  readonly message: string;
  readonly code?: string | number;
  /** Its message is for the model. */
  readonly tool?: true;
}

const MAX_MESSAGE = 1000;

/** What a journal keeps of an error, as JSON. */
export function failureText(error: unknown): string {
  const { name, message, code }: { name: unknown; message: unknown; code?: unknown } =
    error instanceof Error ? error : { name: 'Error', message: error };
  const failure: Failure = {
    name: String(name),
    message: String(message).slice(0, MAX_MESSAGE),
    ...((typeof code === 'string' || typeof code === 'number') && { code }),
    ...(error instanceof ToolError && { tool: true }),
  };
  return JSON.stringify(failure);
}

/** An error that reads the same: `name`, `message` and `code`; its class is `ToolError` or `Error`. */
export function recordedFailure(text: string): Error {
  const { name, message, code, tool } = JSON.parse(text) as Failure;
  const error = tool === true ? new ToolError(message) : new Error(message);
  if (tool !== true) Object.defineProperty(error, 'name', { value: name, configurable: true, writable: true });
  return code === undefined ? error : Object.assign(error, { code });
}
