/** What is wrong with a request, and where. */
export interface Mistake {
  readonly loc: readonly (string | number)[]
  readonly msg: string
  readonly type: string
}

type Place = Mistake['loc']
type Fields = Record<string, unknown>

function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function expected(what: string, loc: Place): Mistake {
  return { loc, msg: `${what} expected`, type: 'type_error' }
}

/** Adds what is wrong with an invoice. Written by hand: the limit that every server is measured against. */
export function checkInvoice(body: unknown, mistakes: Mistake[]): void {
  if (!isObject(body)) {
    mistakes.push(expected('object', ['body']))
    return
  }
  const { id, title, customer, total } = body
  if (typeof id !== 'string') mistakes.push(expected('string', ['body', 'id']))
  if (title !== undefined && title !== null && typeof title !== 'string')
    mistakes.push(expected('string', ['body', 'title']))
  if (typeof customer !== 'string') mistakes.push(expected('string', ['body', 'customer']))
  if (typeof total !== 'number') mistakes.push(expected('number', ['body', 'total']))
}

/** Adds what is wrong with an invoice and its items. */
export function checkInvoiceWithItems(body: unknown, mistakes: Mistake[]): void {
  checkInvoice(body, mistakes)
  if (!isObject(body)) return
  const { items } = body
  if (!Array.isArray(items)) {
    mistakes.push(expected('array', ['body', 'items']))
    return
  }
  for (let index = 0; index < items.length; index++) checkItem(items[index], index, mistakes)
}

function checkItem(item: unknown, index: number, mistakes: Mistake[]): void {
  if (!isObject(item) || !hasItemFields(item)) {
    mistakes.push(expected('item', ['body', 'items', index]))
    return
  }
  const tags = item['tags'] as readonly unknown[]
  for (let place = 0; place < tags.length; place++)
    if (typeof tags[place] !== 'string') mistakes.push(expected('string', ['body', 'items', index, 'tags', place]))
}

function hasItemFields({ sku, description, quantity, unit_price, tags, note }: Fields): boolean {
  return (
    typeof sku === 'string' &&
    typeof description === 'string' &&
    Number.isInteger(quantity) &&
    typeof unit_price === 'number' &&
    Array.isArray(tags) &&
    (note === undefined || note === null || typeof note === 'string')
  )
}
