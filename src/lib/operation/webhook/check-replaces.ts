import { checkNames } from '../../definition/check-names.ts'
import { DefinitionError } from '../../definition/definition-error.ts'
import { quoted } from '../../definition/quoted.ts'

/** What `replaces` of a webhook says, whatever it was given. */
interface Replaces {
  readonly webhook?: unknown
  readonly since?: unknown
  readonly as?: unknown
}

const REPLACES_KEYS: Readonly<Record<keyof Replaces, true>> = { webhook: true, since: true, as: true }

/** Refuses a `replaces` that cannot be followed. Throws a `DefinitionError`. */
export function checkReplaces(replaces: Replaces, place: string): void {
  const where = `"replaces" of ${place}`
  if (typeof replaces !== 'object' || replaces === null)
    throw new DefinitionError(`${where} is ${quoted(replaces)}: give { webhook, since, as }`)
  checkNames(replaces, REPLACES_KEYS, where)
  const { webhook, since, as } = replaces
  if ((webhook as { readonly kind?: unknown } | undefined)?.kind !== 'webhook')
    throw new DefinitionError(`"webhook" in ${where} is not a webhook: give the definition that it replaces`)
  if (typeof as !== 'function')
    throw new DefinitionError(
      `"as" in ${where} is ${quoted(as)}: give a function that makes the earlier data of the new`,
    )
  if (typeof since !== 'string' || Number.isNaN(sinceMs(since)))
    throw new DefinitionError(
      `"since" in ${where} is ${quoted(since)}: give a date such as "2026-01-31", or a time with its offset, such as "2026-01-31T12:00:00Z"`,
    )
}

const DATE = /^(\d{4}-\d{2}-\d{2})(?:T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:Z|[+-]\d{2}:\d{2}))?$/

/** The time that `since` names, in epoch milliseconds; NaN where it names none. A date alone begins at midnight UTC. */
export function sinceMs(since: string): number {
  const date = DATE.exec(since)?.[1]
  // A day that its month does not have would count as one of the next month.
  if (date === undefined || !isDay(date)) return Number.NaN
  return Date.parse(since)
}

function isDay(date: string): boolean {
  const ms = Date.parse(`${date}T00:00:00Z`)
  return !Number.isNaN(ms) && new Date(ms).toISOString().startsWith(date)
}
