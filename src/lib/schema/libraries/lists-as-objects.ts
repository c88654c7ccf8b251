import { PlaceSchemas } from '../codes/place-schemas.ts'
import { type Issue, type IssuePath, MOST_PLACES } from '../issue.ts'
import type { JsonSchema } from '../json-schema.ts'

/** The places of a value with a list where its JSON Schema takes objects, and no list: some libraries take it. */
export function listsAsObjects(root: JsonSchema): (value: unknown) => readonly Issue[] {
  const top = new PlaceSchemas([root], root)
  return value => {
    const found: Issue[] = []
    look(value, top, [], found)
    return found
  }
}

function look(value: unknown, place: PlaceSchemas | undefined, path: IssuePath, found: Issue[]): void {
  if (place === undefined || typeof value !== 'object' || value === null || found.length >= MOST_PLACES) return
  if (isAnyOfSeveral(place)) return
  if (Array.isArray(value)) {
    if (place.types.has('object') && !place.types.has('array'))
      found.push({ path: [...path], message: 'It must be an object, not a list' })
    else for (const [index, item] of value.entries()) look(item, place.below(value, index), [...path, index], found)
    return
  }
  for (const name of Object.keys(value)) {
    const inner: unknown = (value as Readonly<Record<string, unknown>>)[name]
    if (typeof inner === 'object') look(inner, place.below(value, name), [...path, name], found)
  }
}

/** A name that one of several objects declares may be anything in another: only the library knows which one fitted. */
function isAnyOfSeveral(place: PlaceSchemas): boolean {
  const objects = place.ofType('object').filter(part => !UNIONS.some(keyword => keyword in part))
  return objects.length > 1
}

const UNIONS = ['anyOf', 'oneOf']
