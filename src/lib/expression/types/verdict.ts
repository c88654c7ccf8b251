/** A template or an expression that cannot be: `Message` says why, in words that the compiler prints. */
export interface Wrong<Message extends string> {
  readonly '~wrong': Message
}

/**
 * What the types know of one expression's value: there `always`, `maybe` absent, or known only `late`, when the handler
 * has returned.
 */
export type Verdict = 'always' | 'maybe' | 'late' | Wrong<string>

/** The messages in a union of verdicts; `never` when all is well. */
export type Complaint<V> = V extends Wrong<infer Message> ? Message : never
