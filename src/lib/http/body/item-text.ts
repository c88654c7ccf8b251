import { isThenable } from '../../is-thenable.ts'

/** The JSON text of an item. Throws a `TypeError` for a value that JSON does not have. */
export function itemText(value: unknown): string {
  const text = JSON.stringify(value) as string | undefined
  if (text !== undefined) return text
  throw new TypeError(`An item would be ${typeof value}, which JSON does not have: give null, or leave the item out`)
}

/** Writes an item once it is checked: at once, unless its check takes time. */
export const whenChecked = (checked: unknown, write: (data: unknown) => string): string | Promise<string> =>
  isThenable(checked) ? Promise.resolve(checked).then(write) : write(checked)
