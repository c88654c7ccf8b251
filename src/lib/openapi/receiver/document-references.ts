import { parseJsonPointer } from '../../json/json-pointer.ts'
import { percentDecode } from '../../url/percent-decode.ts'
import { type JsonObject, objectOf, textOf } from './json-object.ts'

const mostHops = 32

/** The references of one document to itself. */
export class DocumentReferences {
  readonly #document: JsonObject

  constructor(document: JsonObject) {
    this.#document = document
  }

  /** The object, or what its `$ref` leads to; empty where that leads nowhere or around in a circle. */
  resolved(value: unknown): JsonObject {
    let object = objectOf(value)
    for (let hops = 0; hops < mostHops; hops++) {
      const reference = textOf(object['$ref'])
      if (reference === undefined) return object
      // A path item, and any object of 3.1, may say more beside its reference
      const { $ref: _, ...others } = object
      object = { ...objectOf(this.at(reference)), ...others }
    }
    return {}
  }

  /** What stands at `#/components/schemas/Invoice`; undefined where nothing does. */
  at(reference: string): unknown {
    let value: unknown = this.#document
    for (const token of parseJsonPointer(percentDecode(reference.slice(1)))) {
      if (typeof value !== 'object' || value === null || !Object.hasOwn(value, token)) return undefined
      value = Reflect.get(value, token)
    }
    return value
  }
}
