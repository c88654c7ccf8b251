import type { Log, LogFields } from './log.ts'

/** A logger that takes the fields first and the sentence after them, as pino and bunyan do. */
type FieldsFirst = Readonly<Record<keyof Log, (fields: LogFields, message: string) => void>>

/** The log as Ringback writes to it, whichever of the two orders it takes its arguments in. */
export function fittingLog(log: Log): Log {
  if (!takesFieldsFirst(log)) return log
  const write =
    (level: keyof Log) =>
    (message: string, fields: LogFields = {}): void =>
      log[level](withErr(fields), message)
  return { debug: write('debug'), info: write('info'), warn: write('warn'), error: write('error') }
}

/** Pino and bunyan have both methods; `console` has neither, and winston no `fatal`. */
function takesFieldsFirst(log: object): log is FieldsFirst {
  const { child, fatal } = log as { readonly child?: unknown; readonly fatal?: unknown }
  return typeof child === 'function' && typeof fatal === 'function'
}

/** They write errors in full under this name. */
function withErr({ error, ...fields }: LogFields): LogFields {
  return error === undefined ? fields : { ...fields, err: error }
}
