/** A value now from a store in this process, or later from one that has to be asked. Callers test which. */
export type MaybePromise<T> = T | Promise<T>;
