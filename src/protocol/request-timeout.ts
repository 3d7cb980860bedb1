/** Milliseconds that a request to the other side waits for its answer unless an option says otherwise. */
export const DEFAULT_REQUEST_TIMEOUT_MSEC = 60_000;
