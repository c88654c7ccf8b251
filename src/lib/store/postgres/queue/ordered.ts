import { optionalText, type Row, text } from '../../rows/row.ts'

/** A delivery's place in the order of its key. Numbers are text here, as they are larger than safe integers. */
export interface Ordered {
  readonly number: string
  readonly destination: string
  readonly orderingKey: string | undefined
}

export function orderedOf(row: Row): Ordered {
  return {
    number: text(row.number),
    destination: text(row.destination),
    orderingKey: optionalText(row.ordering_key),
  }
}
