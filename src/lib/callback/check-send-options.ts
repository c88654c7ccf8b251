import { type KnownNames, unknownNameIn, unknownNameText } from '../definition/check-names.ts'
import { quoted } from '../definition/quoted.ts'
import type { SendSettings } from '../operation/bound-callback.ts'
import { CallbackArgumentError } from './callback-argument-error.ts'

const SEND_NAMES: Readonly<Record<keyof SendSettings | 'path' | 'headers' | 'query', true>> = {
  path: true,
  headers: true,
  query: true,
  recipient: true,
  transaction: true,
  idempotencyKey: true,
  orderingKey: true,
  at: true,
  delayMs: true,
  expiresAt: true,
}

/** Refuses options of `send` and `call` that would be ignored, and an invalid or ambiguous time. */
export function checkSendOptions(callback: string, options: SendSettings): void {
  const problem = problemOfOptions(options, SEND_NAMES)
  if (problem !== undefined) throw new CallbackArgumentError(callback, problem)
}

/** What is wrong with options of which these are known, in words. */
export function problemOfOptions(
  options: Pick<SendSettings, 'at' | 'delayMs' | 'expiresAt'>,
  known: KnownNames,
): string | undefined {
  if (typeof options !== 'object' || options === null)
    return `the options are ${quoted(options)}; give an object after the body`
  const unknown = unknownNameIn(options, known)
  if (unknown !== undefined) return unknownNameText(unknown, known, 'its options')
  const { at, delayMs, expiresAt } = options
  if (at !== undefined && delayMs !== undefined) return '"at" and "delayMs" both set the time; give only one of them'
  for (const [name, time] of Object.entries({ at, expiresAt }))
    if (time !== undefined && !(time instanceof Date && Number.isFinite(time.getTime())))
      return `"${name}" is ${quoted(time)}; give a valid Date`
  if (delayMs !== undefined && !(Number.isFinite(delayMs) && delayMs >= 0))
    return `"delayMs" is ${quoted(delayMs)}; give a number of milliseconds, 0 or more`
  return undefined
}
