import fc from 'fast-check'

/** JSON values that are wrong at one place: another kind of value, or a missing property. */
export function spoilt(value: unknown): fc.Arbitrary<unknown> {
  const places = placesIn(value)
  const wrong = [MISSING, {}, null, true, { odd: { odder: 1 } }, -0.5, [], [[]]]
  return fc
    .tuple(fc.constantFrom(...places), fc.constantFrom<unknown>(...wrong))
    .map(([place, wrong]) => replaced(value, place, wrong))
}

const MISSING = Symbol('missing')

type Place = readonly (string | number)[]

function placesIn(value: unknown, here: Place = []): Place[] {
  if (typeof value !== 'object' || value === null) return [here]
  const inner = Array.isArray(value)
    ? value.flatMap((item, index) => placesIn(item, [...here, index]))
    : Object.entries(value).flatMap(([name, item]) => placesIn(item, [...here, name]))
  return [here, ...inner]
}

function replaced(value: unknown, [step, ...rest]: Place, wrong: unknown): unknown {
  if (step === undefined) return wrong === MISSING ? null : wrong
  if (Array.isArray(value)) return value.map((item, index) => (index === step ? replaced(item, rest, wrong) : item))
  const { [step]: inner, ...others } = value as Readonly<Record<string, unknown>>
  return rest.length === 0 && wrong === MISSING ? others : { ...others, [step]: replaced(inner, rest, wrong) }
}
