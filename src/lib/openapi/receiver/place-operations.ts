import type { ReceiverOperation } from './receiver-operation.ts'

type PathItems = Record<string, Record<string, unknown>>

/** Puts operations at their paths, or under their names. No two of them are the same, and no operationId is there twice. */
export function placeOperations(operations: readonly ReceiverOperation[], as: 'paths' | 'webhooks'): PathItems {
  // Without a prototype, as a webhook may have any name
  const items: PathItems = Object.create(null)
  const ids = new Set<string>()
  const shapes = new Map<string, string>()
  for (const operation of operations) {
    const keys = as === 'webhooks' ? webhookKeys(operation) : pathKeys(operation)
    const twin = items[keys[0]!]?.[operation.method]
    // One definition that is attached to several operations is one route of its receiver
    if (twin !== undefined && isSame(twin, operation.operation)) continue
    const key = keys.find(one => isFree(one, operation.method, items, shapes)) ?? uniqueKey(keys[0]!, items)
    shapes.set(shapeOf(key), key)
    const placed = as === 'webhooks' ? withoutPath(operation.operation) : operation.operation
    const described = { ...placed, operationId: uniqueId(operation.operationId, ids) }
    items[key] = { ...items[key], [operation.method]: described }
  }
  return Object.fromEntries(Object.entries(items))
}

const pathKeys = ({ path, owner }: ReceiverOperation): string[] => [path, `/${owner}${path}`]

const webhookKeys = ({ name, operationId }: ReceiverOperation): string[] => [name, operationId]

/** Two templates that differ in names only are one path (OpenAPI 3.1.1, "Paths Object"). */
function isFree(key: string, method: string, items: PathItems, shapes: ReadonlyMap<string, string>): boolean {
  const same = shapes.get(shapeOf(key))
  return (same === undefined || same === key) && items[key]?.[method] === undefined
}

const shapeOf = (key: string): string => key.replaceAll(/\{[^{}]*\}/g, '{}')

function uniqueKey(key: string, items: PathItems): string {
  let number = 2
  while (items[`${key}-${number}`] !== undefined) number++
  return `${key}-${number}`
}

function uniqueId(id: string, ids: Set<string>): string {
  let unique = id
  for (let number = 2; ids.has(unique); number++) unique = `${id}${number}`
  ids.add(unique)
  return unique
}

/** A webhook has no path whose values it could take. */
function withoutPath(operation: Record<string, unknown>): Record<string, unknown> {
  const { parameters, ...rest } = operation
  const others = ((parameters ?? []) as { readonly in?: unknown }[]).filter(parameter => parameter.in !== 'path')
  return others.length === 0 ? rest : { ...rest, parameters: others }
}

function isSame(a: unknown, b: unknown): boolean {
  const text = (operation: unknown) => JSON.stringify({ ...(operation as object), operationId: undefined })
  return text(a) === text(b)
}
