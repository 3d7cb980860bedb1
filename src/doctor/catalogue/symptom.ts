/** What Claude shows, by the codes that the catalogue uses. */
export const SYMPTOMS = {
  E1: "couldn't reach the MCP server",
  E2: "couldn't register with the sign-in service",
  E3: 'authorization failed',
  E4: 'authorized, but no MCP server was found at the URL',
  E5: 'authorized, but the server returned an error when connecting',
  E6: 'error during tool execution',
  E7: 'connected, but it shows no tools',
} as const;

export type SymptomCode = keyof typeof SYMPTOMS;

export function isSymptomCode(text: string): text is SymptomCode {
  return text in SYMPTOMS;
}

/** A symptom for people: a code with its text, or what was observed where no code says it. */
export function symptomText(symptom: string): string {
  return isSymptomCode(symptom) ? `${symptom} "${SYMPTOMS[symptom]}"` : symptom;
}
