/** Whether something recursive met a value nested deeper than the stack; V8 has no class of its own for it. */
export const isStackOverflow = (thrown: unknown): boolean =>
  thrown instanceof RangeError && thrown.message.includes('call stack')
