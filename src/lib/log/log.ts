import { logLine } from './log-line.ts'

/**
 * Where Ringback's own messages go: one method for each level, with structured fields beside the sentence.
 * `console` fits, and so do pino and bunyan, which get the fields first and an error as `err`. No secret and no URL query is ever passed.
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

/**
 * Writes one line a message: the sentence, then the fields, with control characters shown and not obeyed; only the frames of
 * a stack have lines of their own. `debug` is left out unless `NODE_DEBUG` names ringback.
 */
export const consoleLog: Log = {
  debug(message, fields) {
    if (/\bringback\b/.test(process.env['NODE_DEBUG'] ?? '')) console.debug(logLine(message, fields))
  },
  info: (message, fields) => console.info(logLine(message, fields)),
  warn: (message, fields) => console.warn(logLine(message, fields)),
  error: (message, fields) => console.error(logLine(message, fields)),
}
