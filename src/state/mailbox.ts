/**
 * Contract: letters to whoever awaits them, in whichever process. The answer of a client to a server's question may be
 * posted to another process than the one that asked.
 */
import type { MaybePromise } from './maybe-promise.ts';

export interface Mailbox {
  /**
   * Begins to receive at an address. Letters arrive in the order in which they were delivered, each once. While
   * the store can not be written, only those that are left in this process arrive.
   *
   * @param address unguessable
   * @param receive called for each letter, never before this returns or resolves
   * @returns the function that ends it; letters on their way are dropped then
   */
  open(address: string, receive: (letter: string) => void): MaybePromise<() => void>;
  /**
   * Leaves a letter.
   *
   * @returns false when nobody receives at the address; nothing is stored then, so strangers can not fill the store
   * @throws SlipwayError `SLIP_STORE_UNAVAILABLE`
   */
  deliver(address: string, letter: string): MaybePromise<boolean>;
}
