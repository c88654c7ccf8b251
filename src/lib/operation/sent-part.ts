type Whole =
  | Date
  | Blob
  | Uint8Array
  | ReadableStream
  | ReadonlyMap<unknown, unknown>
  | ReadonlySet<unknown>
  | ((...args: never) => unknown)

/** What a client sent of a value: any property may be left out, at every depth. */
export type SentPart<T> = T extends Whole
  ? T
  : T extends readonly unknown[]
    ? { readonly [K in keyof T]: SentPart<Exclude<T[K], undefined>> }
    : T extends object
      ? { readonly [K in keyof T]?: SentPart<Exclude<T[K], undefined>> }
      : T
