import { serializeJsonPointer } from '../../json/json-pointer.ts'
import type { Validated } from '../issue.ts'
import { isStackOverflow } from '../stack-overflow.ts'
import type { Encode } from './library-facts.ts'

interface ZodPart {
  readonly _zod: { readonly def: Readonly<Record<string, unknown>> }
}

interface ZodEncoder {
  safeEncode(value: unknown): ZodResult
  safeEncodeAsync(value: unknown): Promise<ZodResult>
}

type ZodResult =
  | { readonly success: true; readonly data: unknown }
  | { readonly success: false; readonly error: { readonly issues: readonly object[] } }

/** Where a schema works in both directions, and where it works in one only. */
interface Directions {
  codec: string | undefined
  oneWay: string | undefined
}

/**
 * Zod's own encoding of a schema that has a codec: from what the program has to what is sent. Undefined for any other
 * schema. Throws where it has a transform of one direction as well, which Zod could not undo.
 */
export function zodEncoding(source: object): Encode | undefined {
  const found: Directions = { codec: undefined, oneWay: undefined }
  try {
    look(source, [], { found, seen: new Set() })
  } catch (error) {
    // Its conversion to JSON Schema says so better.
    if (isStackOverflow(error)) return undefined
    throw error
  }
  if (found.codec === undefined) return undefined
  if (found.oneWay !== undefined)
    throw new Error(
      `There is a codec at "${found.codec}" and a transform of one direction at "${found.oneWay}", so it cannot be encoded; make the transform a codec (z.codec), or describe with .pipe(…) what is sent and convert it yourself`,
    )
  return encoderOf(source)
}

function encoderOf(source: object): Encode {
  const schema = source as ZodEncoder
  if (typeof schema.safeEncode !== 'function')
    throw new Error('A schema of "zod/mini" has no "encode"; take the codec and what is around it from "zod"')
  let isAsync = false
  return value => {
    if (!isAsync)
      try {
        return validated(schema.safeEncode(value))
      } catch (error) {
        if ((error as Error).constructor.name !== '$ZodAsyncError') throw error
        isAsync = true
      }
    return schema.safeEncodeAsync(value).then(validated)
  }
}

const validated = (result: ZodResult): Validated =>
  result.success
    ? { value: result.data }
    : { issues: result.error.issues as Extract<Validated, { issues: object }>['issues'] }

interface Search {
  readonly found: Directions
  readonly seen: Set<object>
}

function look(part: object, path: readonly string[], search: Search): void {
  const { found, seen } = search
  if (seen.has(part)) return
  seen.add(part)
  const { def } = (part as ZodPart)._zod
  if (def['type'] === 'transform') found.oneWay ??= pointerTo(path)
  if (def['reverseTransform'] !== undefined) found.codec ??= pointerTo(path)
  for (const [name, inner] of partsOf(def)) look(inner, name === undefined ? path : [...path, name], search)
}

const pointerTo = (path: readonly string[]): string => `#${serializeJsonPointer(path)}`

/** What Zod's definitions hold at the same place. */
const HERE = ['innerType', 'in', 'out', 'left', 'right'] as const
/** What they hold below, at any name. */
const BELOW = ['element', 'valueType', 'keyType', 'catchall', 'rest'] as const

/** The schemas inside of a definition, each with its name below it, if it is not at the same place. */
function* partsOf(def: ZodPart['_zod']['def']): Generator<readonly [name: string | undefined, part: object]> {
  for (const key of HERE) if (isPart(def[key])) yield [undefined, def[key]]
  for (const key of BELOW) if (isPart(def[key])) yield ['*', def[key]]
  if (typeof def['getter'] === 'function') yield [undefined, def['getter']() as object]
  for (const option of listOf(def['options'])) yield [undefined, option]
  for (const [index, item] of listOf(def['items']).entries()) yield [String(index), item]
  for (const [name, property] of Object.entries(def['shape'] ?? {})) if (isPart(property)) yield [name, property]
}

const isPart = (value: unknown): value is object => typeof value === 'object' && value !== null && '_zod' in value
const listOf = (value: unknown): object[] => (Array.isArray(value) ? value.filter(isPart) : [])
