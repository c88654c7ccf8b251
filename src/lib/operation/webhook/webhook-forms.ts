import { DefinitionError } from '../../definition/definition-error.ts'
import type { AnyWebhook, AnyWebhookOptions, WebhookDefinition } from '../webhook-definition.ts'
import { sinceMs } from './check-replaces.ts'

/** The webhook that another one replaces. */
export interface ReplacedWebhook {
  /** Its name. */
  readonly event: string
  /** As it was declared. */
  readonly since: string
  /** Makes the earlier data of the new. */
  readonly as: (data: unknown) => unknown
}

/** Where a webhook stands among the forms of its event, and which endpoints with `'*'` get it. */
export interface WebhookForms {
  readonly replaces: ReplacedWebhook | undefined
  /** The names of newer forms, the next one first. */
  readonly newer: readonly string[]
  /** The names of all other forms, the earliest first. */
  readonly chain: readonly string[]
  /**
   * Endpoints with `'*'` that were created in this time get it, in epoch milliseconds; `starUntil` is excluded. Both are
   * `NEVER` where it is no part of `'*'`.
   */
  readonly starFrom: number
  readonly starUntil: number
}

/** What `starFrom` and `starUntil` say of an event that `'*'` does not include. */
export const NEVER = Number.MAX_SAFE_INTEGER

/** The names of the framework's own events begin with this; endpoints get them only by name. */
export const FRAMEWORK_PREFIX = 'endpoint.'

/** Finds the forms of all webhooks of a set. Throws a `DefinitionError` where they are no chains. */
export function webhookForms(set: ReadonlyMap<string, AnyWebhook>): ReadonlyMap<string, WebhookForms> {
  const replaced = new Map([...set].map(([name, any]) => [name, replacedBy(name, any, set)]))
  const newerOf = nextForms(replaced)
  const forms = new Map<string, WebhookForms>()
  for (const name of set.keys())
    if (replaced.get(name) === undefined) {
      const chain = chainFrom(name, newerOf)
      checkOrder(chain, replaced)
      for (const [index, event] of chain.entries())
        forms.set(event, {
          replaces: replaced.get(event),
          newer: chain.slice(index + 1),
          chain: chain.filter(other => other !== event),
          ...starWindow(
            event,
            chain.filter(other => isInStar(other, set)),
            replaced,
          ),
        })
    }
  const ring = [...set.keys()].filter(name => !forms.has(name))
  if (ring.length > 0)
    throw new DefinitionError(
      `The webhooks "${ring.join('", "')}" replace one another in a ring: one must be the first`,
    )
  return forms
}

const optionsOf = (any: AnyWebhook): AnyWebhookOptions => (any as WebhookDefinition).options as AnyWebhookOptions

function replacedBy(name: string, any: AnyWebhook, set: ReadonlyMap<string, AnyWebhook>): ReplacedWebhook | undefined {
  const { replaces } = optionsOf(any)
  if (replaces === undefined) return undefined
  const older: AnyWebhook = replaces.webhook
  const [event, another] = [...set].flatMap(([event, definition]) => (definition === older ? [event] : []))
  if (event === undefined)
    throw new DefinitionError(
      `The webhook "${name}" replaces one that is not among the webhooks: put that into "webhooks" under its name, too`,
    )
  if (another !== undefined)
    throw new DefinitionError(
      `The webhook "${name}" replaces one that has two names, "${event}" and "${another}": make a definition for each`,
    )
  return { event, since: replaces.since, as: replaces.as as ReplacedWebhook['as'] }
}

/** The next newer form of each webhook that has one. */
function nextForms(replaced: ReadonlyMap<string, ReplacedWebhook | undefined>): ReadonlyMap<string, string> {
  const next = new Map<string, string>()
  for (const [name, older] of replaced) {
    if (older === undefined) continue
    const twin = next.get(older.event)
    if (twin !== undefined)
      throw new DefinitionError(
        `The webhooks "${twin}" and "${name}" both replace "${older.event}": let one of them replace the other`,
      )
    next.set(older.event, name)
  }
  return next
}

function chainFrom(earliest: string, next: ReadonlyMap<string, string>): string[] {
  const chain: string[] = []
  for (let name: string | undefined = earliest; name !== undefined; name = next.get(name)) chain.push(name)
  return chain
}

/** An endpoint could not tell which form it gets if a newer one counted before an earlier one. */
function checkOrder(chain: readonly string[], replaced: ReadonlyMap<string, ReplacedWebhook | undefined>): void {
  let [last, lastSince] = ['', Number.NEGATIVE_INFINITY]
  for (const name of chain) {
    const { since } = replaced.get(name) ?? {}
    if (since === undefined) continue
    if (sinceMs(since) < lastSince)
      throw new DefinitionError(
        `The webhook "${name}" replaces "${last}" since ${since}, before "${last}" itself counts: give it a later date`,
      )
    ;[last, lastSince] = [name, sinceMs(since)]
  }
}

const isInStar = (name: string, set: ReadonlyMap<string, AnyWebhook>): boolean =>
  !name.startsWith(FRAMEWORK_PREFIX) && optionsOf(set.get(name)!).documented !== false

/** `documented` are the forms that `'*'` includes: the earliest of them stands for all before it. */
function starWindow(
  event: string,
  documented: readonly string[],
  replaced: ReadonlyMap<string, ReplacedWebhook | undefined>,
): Pick<WebhookForms, 'starFrom' | 'starUntil'> {
  const index = documented.indexOf(event)
  if (index === -1) return { starFrom: NEVER, starUntil: NEVER }
  const beginOf = (name: string) => sinceMs(replaced.get(name)!.since)
  const newer = documented[index + 1]
  return { starFrom: index === 0 ? 0 : beginOf(event), starUntil: newer === undefined ? NEVER : beginOf(newer) }
}
