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
  readonly onFailed?: unknown
}

/** Refuses options that would be ignored, or with which every request would fail. */
export function checkCallbackOptions(options: Checked, names: KnownNames, place: string): void {
  checkNames(options, names, place)
  const { retryDelaysSeconds, finalStatuses, timeoutMs } = options
  definite(() => {
    if (retryDelaysSeconds !== undefined) checkRetryDelays(retryDelaysSeconds)
    if (finalStatuses !== undefined) checkFinalStatuses(finalStatuses)
    if (timeoutMs !== undefined) checkedTimeoutMs(timeoutMs)
  }, place)
  for (const name of ['onResponse', 'onFailed'] as const)
    if (options[name] !== undefined && typeof options[name] !== 'function')
      throw new DefinitionError(`"${name}" of ${place} is ${quoted(options[name])}, not a function`)
}
