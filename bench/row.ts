/** One line of the table: what is measured, against what, and how good it has to be. */

/** `floor` must hold, `aim` is where we want to be. */
export type Target = { floor: number; aim: number; better: 'higher' | 'lower' };

export type Latency = { p50: number; p99: number };

export type Measurement = {
  value: number;
  low: number;
  high: number;
  /** Where the true median lies with 95 % confidence. */
  interval?: [low: number, high: number];
  /** How many pairs or rounds stand behind the value. */
  samples: number;
  /** Median share of our cores that others took meanwhile; absent where it does not matter. */
  disturbed?: number;
  subject?: Latency;
  yardstick?: Latency;
};

export type Plan = { pairs: number; seconds: number };

export type Row = {
  name: string;
  work: string;
  yardstick: string;
  /** `x` prints a ratio, `MB` and `ms` print a difference. */
  unit: 'x' | 'MB' | 'ms';
  target?: Target;
  measure(plan: Plan): Promise<Measurement>;
};

/** `aim reached`, or the nearest target that is missed and by how much. */
export function verdict(row: Row, value: number): string {
  const { target } = row;
  if (target === undefined) return '';
  const reached = (goal: number) => (target.better === 'higher' ? value >= goal : value <= goal);
  const missing = (goal: number) => formatValue(row, Math.abs(goal - value)).replace('+ ', '');
  if (reached(target.aim)) return 'aim reached';
  if (reached(target.floor)) return `floor reached, aim short by ${missing(target.aim)}`;
  return `floor short by ${missing(target.floor)}`;
}

export function formatValue(row: Pick<Row, 'unit'>, value: number): string {
  if (row.unit === 'x') return `${value.toFixed(value >= 10 ? 1 : 2)} x`;
  return `${value < 0 ? '-' : '+'} ${Math.abs(value).toFixed(row.unit === 'MB' ? 1 : 0)} ${row.unit}`;
}
