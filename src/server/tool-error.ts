/**
 * An error whose message is meant for the model: the call is answered with `isError: true` and this text.
 * Any other error that a handler throws stays inside; the client gets a reference that the log explains.
 *
 * @example
 * throw new ToolError('There is no city named Atlantis. Try the nearest larger town.');
 */
export class ToolError extends Error {
  override readonly name = 'ToolError';
}
