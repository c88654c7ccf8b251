/**
 * Stands for every owner: the only way to reach, or to see, the endpoints of all of them.
 *
 * @example
 * ```ts
 * import { everyone, Ringback, webhook } from 'ringback'
 * import { z } from 'zod'
 *
 * const notice = webhook.post({ data: z.object({ text: z.string() }) })
 * const app = new Ringback({ title: 'Invoices', version: '1.0.0', webhooks: { notice } })
 * export const tellAll = () => app.webhooks.notice.send({ text: 'Maintenance at noon' }, { owner: everyone })
 * ```
 */
export const everyone: unique symbol = Symbol.for('ringback.everyone')

/** Whose endpoints are meant: a customer of yours by 1 to 256 characters, or {@link everyone}. */
export type Owner = string | typeof everyone

const longestOwner = 256
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is refused
const control = /[\u0000-\u001f\u007f-\u009f]/

/** The owner as stores keep it: empty for everyone. Throws a `RangeError`. */
export function ownerText(owner: Owner): string {
  if (owner === everyone) return ''
  if (typeof owner !== 'string')
    throw new RangeError(`"owner" is of type "${typeof owner}"; give the text that names a customer, or everyone`)
  if (owner === '') throw new RangeError('"owner" is empty; name a customer, or say everyone')
  if (owner.length > longestOwner)
    throw new RangeError(`"owner" has ${owner.length} characters; give at most ${longestOwner}`)
  if (control.test(owner)) throw new RangeError('"owner" has a control character; give a text without')
  if (!owner.isWellFormed()) throw new RangeError('"owner" has half a surrogate pair; give well-formed text')
  return owner
}
