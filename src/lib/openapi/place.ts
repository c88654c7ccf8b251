/** Where a schema is in the definitions. */
export interface Place {
  /** In words, for errors: `"body" of POST /invoices/`. */
  readonly words: string
  /** The name for a component, if its schema needs one but its author gave it none: `CreateInvoiceBody`. */
  readonly name: string
}

/** What is received is described by the input side of a schema, what is sent by its output side. */
export type Side = 'input' | 'output'

/** Which sides describe the request and the response, from the point of view of the document's server. */
export interface Sides {
  readonly request: Side
  readonly response: Side
}

/** An operation receives its request and sends its response. */
export const OPERATION_SIDES: Sides = { request: 'input', response: 'output' }

/** In a callback the sides are swapped; in a callback of a callback they are swapped again. */
export const reverseSides = ({ request, response }: Sides): Sides => ({ request: response, response: request })
