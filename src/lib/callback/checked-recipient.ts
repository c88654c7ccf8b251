/** The tenant that `delivery.recipient` gave. Throws a `TypeError` where it is neither a name nor undefined. */
export function checkedRecipient(value: unknown): string | undefined {
  if (value === undefined || (typeof value === 'string' && value !== '')) return value
  const given = value === '' ? 'empty text' : value === null ? 'null' : `a value of type "${typeof value}"`
  throw new TypeError(`"delivery.recipient" returned ${given}; return the name of the tenant, or undefined for none`)
}
