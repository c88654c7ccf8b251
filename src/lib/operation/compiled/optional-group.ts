import type { CompiledSchema } from '../../schema/compiled-schema.ts'
import type { JsonSchemaProperty } from '../../schema/json-schema.ts'
import type { ParameterReader, ParameterTexts } from '../../schema/parameters/decode-parameters.ts'
import { splitName } from '../../schema/parameters/parameter-tree.ts'

/** The names that a group of parameters declares, and whether it reads any others. */
interface GroupNames {
  readonly properties: ReadonlyMap<string, JsonSchemaProperty>
  readonly readsOthers: boolean
}

/** The reader of a group that may be missing as a whole: where nothing of it was sent, its schema is asked about nothing. */
export const optionalReader =
  (schema: CompiledSchema, names: GroupNames, read: ParameterReader): ParameterReader =>
  texts =>
    isSent(texts, names) ? read(texts) : schema.validate(undefined)

function isSent(texts: ParameterTexts, { properties, readsOthers }: GroupNames): boolean {
  for (const name of Object.keys(texts)) {
    if (texts[name] === undefined) continue
    if (readsOthers || properties.has(name) || properties.has(splitName(name)?.[0] ?? '')) return true
  }
  return false
}
