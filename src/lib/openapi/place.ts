/** Where in the definitions a schema stands. */
export interface Place {
  /** In words, for errors: `"body" of POST /invoices/`. */
  readonly words: string
  /** The name of a component that the schema needs but has not got from its author: `CreateInvoiceBody`. */
  readonly name: string
}

/** What a request carries and what a response carries are described by different sides of a schema. */
export type Side = 'input' | 'output'

/** Which side describes the request and which the response, as seen by the server of the document. */
export interface Sides {
  readonly request: Side
  readonly response: Side
}

/** An operation receives its request and sends its response. */
export const OPERATION_SIDES: Sides = { request: 'input', response: 'output' }

/** In a callback it is the other way round; in a callback of a callback once more. */
export const reverseSides = ({ request, response }: Sides): Sides => ({ request: response, response: request })
