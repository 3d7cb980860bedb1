/** One connection that reads a stream; implemented by the transports. */
export interface StreamReader {
  /** Begins: the client sees that it has a stream, before there is an event. */
  open(): void;
  /**
   * Sends one event. A promise while the reader does not keep up.
   *
   * @param id undefined for an event that can not be resumed after
   * @param message one JSON-RPC message; empty for an event that only moves the id on
   */
  event(id: string | undefined, message: string): void | Promise<void>;
  /** Ends the connection; tells the client first when to come back, if there is more to come. */
  end(more: boolean): void;
  readonly gone: boolean;
}
