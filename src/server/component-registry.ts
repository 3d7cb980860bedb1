import { SlipwayError } from '../protocol/coded-error.ts';
import type { Registry } from './tool-registration.ts';

/**
 * Registered components of one kind, by name, in the order of their registration: lists never change their order by
 * themselves (MCP 2026-07-28, server/tools: "deterministic order").
 */
export class ComponentRegistry<Handle> implements Registry<Handle> {
  readonly #kind: string;
  readonly #onChange: () => void;
  #components = new Map<string, Handle>();
  #published = false;

  /** @param onChange called after every change, once it is complete */
  constructor(kind: string, onChange: () => void) {
    this.#kind = kind;
    this.#onChange = onChange;
  }

  /** Not changed in place any more: whoever holds it keeps a consistent view. */
  publish(): ReadonlyMap<string, Handle> {
    this.#published = true;
    return this.#components;
  }

  get size(): number {
    return this.#components.size;
  }

  /** @throws SlipwayError SLIP_DUPLICATE_NAME */
  assertFree(name: string): void {
    if (this.#components.has(name)) throw new SlipwayError('SLIP_DUPLICATE_NAME', { kind: this.#kind, name });
  }

  add(name: string, handle: Handle): void {
    this.assertFree(name);
    if (this.#published) this.#components = new Map(this.#components);
    this.#published = false;
    this.#components.set(name, handle);
    this.#onChange();
  }

  changed(handle: Handle, previous: string, name: string | undefined): void {
    // A handle that was removed may still be held; changing it concerns nobody.
    if (this.#components.get(previous) !== handle) return;
    if (name !== previous) {
      if (name !== undefined) this.assertFree(name);
      const entries = [...this.#components].flatMap(([key, value]): [string, Handle][] => {
        if (key !== previous) return [[key, value]];
        return name === undefined ? [] : [[name, handle]];
      });
      this.#components = new Map(entries);
      this.#published = false;
    }
    this.#onChange();
  }
}
