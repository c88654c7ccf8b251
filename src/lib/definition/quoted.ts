import { cutText } from '../cut-text.ts'

const MOST_CHARACTERS = 80

/** A value as a message shows it: text in quotes, a number as it is, anything else by what it is. */
export function quoted(value: unknown): string {
  if (typeof value === 'string') return `"${cutText(value, MOST_CHARACTERS)}"`
  if (typeof value === 'function') return 'a function'
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? 'Invalid Date' : value.toISOString()
  if (Array.isArray(value)) return 'a list'
  return typeof value === 'object' && value !== null ? 'an object' : String(value)
}
