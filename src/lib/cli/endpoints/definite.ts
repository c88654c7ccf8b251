/** Without what was not given. */
export function definite<T extends object>(given: T): { [Name in keyof T]: NonNullable<T[Name]> } {
  const entries = Object.entries(given).filter(([, value]) => value !== undefined)
  return Object.fromEntries(entries) as { [Name in keyof T]: NonNullable<T[Name]> }
}
