/** Whether a value can be awaited: a promise, or what is none and has a `then`, such as a query. */
export function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function'
}
