import type { DoctorOptions } from '../../../src/doctor/doctor.ts';
import type { FixtureRequest } from './fixture-request.ts';

/** A server of the tests, whoever made it. */
export interface Running {
  /** What the user would enter. */
  readonly url: string;
  /** What the doctor needs to get there. */
  readonly doctor: Partial<DoctorOptions>;
  /** What it was asked so far, where it keeps that. */
  readonly requests: readonly FixtureRequest[];
  close(): Promise<void>;
}
