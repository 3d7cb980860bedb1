/** What `slipway deploy --check` looks for in a service unit. */
import type { Rule } from '../finding.ts';
import { CONFINEMENT_RULES } from './confinement-rules.ts';
import { LIFE_RULES } from './life-rules.ts';
import { SETTING_RULES } from './setting-rules.ts';
import type { Unit } from './unit.ts';

export const SERVICE_RULES: readonly Rule<Unit>[] = [...LIFE_RULES, ...CONFINEMENT_RULES, ...SETTING_RULES];
