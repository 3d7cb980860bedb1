/**
 * What to say of something that was thrown or given as a reason: the message of an error, or the value as text. Never
 * throws: anything can be thrown, also what has no text (`Object.create(null)`, a getter that throws).
 */
export function thrownText(thrown: unknown): string {
  try {
    return String(thrown instanceof Error ? thrown.message : thrown);
  } catch {
    return 'a value without a text';
  }
}
