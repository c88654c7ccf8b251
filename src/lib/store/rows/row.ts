import type { SQLOutputValue } from 'node:sqlite'

/** A row of a database: numbers that may be large come as text where the driver gives them so. */
export type Row = Record<string, SQLOutputValue>

export function text(value: SQLOutputValue | undefined): string {
  return typeof value === 'string' ? value : ''
}

export function optionalText(value: SQLOutputValue | undefined): string | undefined {
  return typeof value === 'string' ? value : undefined
}

export function optionalNumber(value: SQLOutputValue | undefined): number | undefined {
  return isNull(value) ? undefined : Number(value)
}

export function optionalBytes(value: SQLOutputValue | undefined): Uint8Array | undefined {
  return value instanceof Uint8Array ? value : undefined
}

export function isNull(value: SQLOutputValue | undefined): boolean {
  return value === null || value === undefined
}
