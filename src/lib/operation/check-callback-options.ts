import { checkNames, type KnownNames } from '../definition/check-names.ts'
import { checkedTimeoutMs, checkRetryDelays } from '../definition/check-times.ts'
import { definite } from '../definition/definite.ts'
import { DefinitionError } from '../definition/definition-error.ts'
import { checkFinalStatuses } from '../definition/final-statuses.ts'
import { quoted } from '../definition/quoted.ts'

interface Checked {
  readonly retryDelaysSeconds?: readonly number[] | undefined
  readonly finalStatuses?: readonly number[] | undefined
  readonly timeoutMs?: number | undefined
  readonly onResponse?: unknown
}

/** Refuses options that would be ignored, or with which every request would fail. */
export function checkCallbackOptions(options: Checked, names: KnownNames, place: string): void {
  checkNames(options, names, place)
  const { retryDelaysSeconds, finalStatuses, timeoutMs, onResponse } = options
  definite(() => {
    if (retryDelaysSeconds !== undefined) checkRetryDelays(retryDelaysSeconds)
    if (finalStatuses !== undefined) checkFinalStatuses(finalStatuses)
    if (timeoutMs !== undefined) checkedTimeoutMs(timeoutMs)
  }, place)
  if (onResponse !== undefined && typeof onResponse !== 'function')
    throw new DefinitionError(`"onResponse" of ${place} is ${quoted(onResponse)}, not a function`)
}
