const sizes = { usual: 50, most: 100 }

/** How many items a page has: 1 to 100, 50 if nothing is said. Throws a `RangeError`. */
export function pageSize(limit: number = sizes.usual): number {
  if (Number.isSafeInteger(limit) && limit >= 1 && limit <= sizes.most) return limit
  throw new RangeError(`"limit" is ${limit}; give a whole number from 1 to ${sizes.most}`)
}
