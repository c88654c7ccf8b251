import { once } from '../../once.ts'
import { type JsonSchema, typeOfValue } from '../json-schema.ts'
import { brokenKeyword, measured } from './broken-keyword.ts'
import { PlaceSchemas } from './place-schemas.ts'
import { VALIDATION_CODES, type ValidationCode } from './validation-code.ts'

/** What the schemas at a place say of a value that was refused there. */
export interface Refusal {
  readonly code: ValidationCode
  /** Text was sent where only a boolean is taken. */
  readonly wantsBoolean: boolean
}

/** Of a larger union nobody can say which branch was meant. */
const MOST_PARTS = 100

/** Finds the code of a mistake by a schema and the value that it refused: libraries agree in nothing else. */
export class CodeReader {
  readonly #top: () => PlaceSchemas

  constructor(root: JsonSchema) {
    this.#top = once(() => new PlaceSchemas([root], root))
  }

  /** Why the value was refused at this place of it. */
  refusal(value: unknown, path: readonly (string | number)[]): Refusal {
    let place = this.#top()
    let here = value
    for (const step of path) {
      if (typeof here !== 'object' || here === null || !Object.hasOwn(here, step)) return MISSING
      const below = place.below(here, step)
      if (below === undefined) return Array.isArray(here) ? UNKNOWN : UNDECLARED
      place = below
      here = (here as Readonly<Record<string | number, unknown>>)[step]
    }
    return here === undefined ? MISSING : refusalAt(place, here)
  }
}

function refusalAt(place: PlaceSchemas, value: unknown): Refusal {
  const { types } = place
  // A file is described as text of its bytes.
  const isFile = value instanceof Blob
  const type = isFile ? 'string' : typeOfValue(value)
  if (!types.has(type)) {
    const wantsBoolean = type === 'string' && types.has('boolean') && types.size === (types.has('null') ? 2 : 1)
    return { code: 'type', wantsBoolean }
  }
  const fitting = place.ofType(type)
  if (fitting.length > MOST_PARTS) return place.allConstants ? CHOICE : UNKNOWN
  const measure = measured(value)
  const broken = new Set(fitting.map(part => brokenKeyword(part, measure)))
  return {
    code: VALIDATION_CODES.find(code => broken.has(code)) ?? (isFile ? 'format' : 'invalid'),
    wantsBoolean: false,
  }
}

const UNKNOWN: Refusal = { code: 'invalid', wantsBoolean: false }
const UNDECLARED: Refusal = { code: 'additionalProperties', wantsBoolean: false }
const MISSING: Refusal = { code: 'required', wantsBoolean: false }
const CHOICE: Refusal = { code: 'enum', wantsBoolean: false }
