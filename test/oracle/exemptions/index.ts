import type { Exemption } from '../exemption.ts';
import { codes } from './codes.ts';
import { framing } from './framing.ts';
import { http } from './http.ts';
import { messages } from './messages.ts';
import { vocabulary } from './vocabulary.ts';
import { wording } from './wording.ts';

/** Every difference between Slipway and the official SDK that the specification allows or asks for. */
export const exemptions: readonly Exemption[] = [...framing, ...wording, ...codes, ...vocabulary, ...http, ...messages];
