/**
 * Throws an `Error` for a JSON Schema object that contains itself: it could be neither written nor read to its end.
 * JSON has no such value; a recursive schema uses a reference.
 */
export function refuseCycle(schema: object): void {
  const ended = new Set<object>()
  const around = new Set<object>()
  const visit = (value: unknown, path: string): void => {
    if (typeof value !== 'object' || value === null || ended.has(value)) return
    if (around.has(value))
      throw new Error(
        `It contains itself, at "${path}"; let a recursive schema refer to itself, with "$ref" or the way its library does it`,
      )
    around.add(value)
    for (const [name, inner] of Object.entries(value)) visit(inner, `${path}/${name}`)
    around.delete(value)
    ended.add(value)
  }
  visit(schema, '#')
}
