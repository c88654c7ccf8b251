/**
 * Where Ringback's own messages go: one method for each level, with structured fields beside the sentence.
 * A pino logger fits with its arguments swapped; `console` is the default. No secret and no URL query is ever passed.
 */
export interface Log {
  debug(message: string, fields?: LogFields): void
  info(message: string, fields?: LogFields): void
  warn(message: string, fields?: LogFields): void
  error(message: string, fields?: LogFields): void
}

/** What a log line says beside its sentence. `error` holds the thrown value as it was. */
export interface LogFields {
  readonly [name: string]: unknown
}
