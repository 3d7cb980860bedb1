/** The twenty tools every peer offers: `hello`, which the load calls, and nineteen that only stand in the table. */
import { z } from 'zod';

export const helloInput = z.object({ name: z.string().optional() });

export const fillerInput = z.object({ value: z.string().optional() });

export const FILLERS: readonly string[] = Array.from({ length: 19 }, (_, index) => `filler-${index + 1}`);

export function hello(name: string | undefined): string {
  return `Hello, ${name ?? 'World'}!`;
}

/** The port a peer is told to listen on: its first argument. */
export function portArgument(): number {
  const port = Number(process.argv[2]);
  if (!Number.isInteger(port) || port < 1) {
    console.error(`usage: node ${process.argv[1]?.split('/').at(-1)} PORT`);
    process.exit(2);
  }
  return port;
}
