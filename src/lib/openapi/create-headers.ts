import type { CompiledSchema } from '../schema/compiled-schema.ts'
import type { Components } from './components.ts'
import { definedMembers } from './defined-members.ts'
import type { HeaderObject } from './objects/header-object.ts'
import type { Place, Side } from './place.ts'
import { liftAnnotations } from './schemas/lift-annotations.ts'

/**
 * The headers that an object schema declares. `content-type` is left out, because the content describes it (OpenAPI
 * 3.1.1, "Response Object").
 */
export function createHeaders(
  compiled: CompiledSchema,
  side: Side,
  components: Components,
  place: Place,
): Record<string, HeaderObject> {
  const properties = components.schemas.properties(compiled, side, place)
  return Object.fromEntries(
    properties
      .filter(({ name }) => name.toLowerCase() !== 'content-type')
      .map(({ name, required, schema }) => [
        name,
        definedMembers({ required: required ? true : undefined, ...liftAnnotations(schema) }),
      ]),
  )
}
