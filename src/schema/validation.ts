import type { StandardSchemaV1 } from './standard-schema.ts';

/** What came of validating a value: the library's output, or what it found wrong. */
export type Validation<Output> =
  | { readonly value: Output; readonly issues?: undefined }
  | { readonly issues: readonly StandardSchemaV1.Issue[] };

function settle<Output>(result: StandardSchemaV1.Result<Output>): Validation<Output> {
  // A library may report success with an empty list of issues.
  if (result.issues === undefined || result.issues.length > 0) return result;
  return { value: (result as unknown as StandardSchemaV1.SuccessResult<Output>).value };
}

/**
 * Validates a value. Synchronous when the library is, so that the common path costs no promise.
 *
 * @returns `{ value }` with the library's output (defaults filled in, unknown keys treated as the schema says) or
 * `{ issues }`; a promise of it when the schema is asynchronous
 */
export function validate<Output>(
  schema: StandardSchemaV1<unknown, Output>,
  value: unknown,
): Validation<Output> | Promise<Validation<Output>> {
  const result = schema['~standard'].validate(value);
  return 'then' in result ? result.then(settle) : settle(result);
}

/** The issues as one line: "path.to.field: message, message of the root". */
export function formatIssues(issues: readonly StandardSchemaV1.Issue[]): string {
  return issues
    .map(issue => {
      if (issue.path === undefined || issue.path.length === 0) return issue.message;
      const path = issue.path.map(segment => String(typeof segment === 'object' ? segment.key : segment));
      return `${path.join('.')}: ${issue.message}`;
    })
    .join(', ');
}
