/** A document, or a file of it, that cannot be read. The message says why, without its name. */
export class DocumentError extends Error {
  /** Whether it was not even tried, since nobody allowed it. */
  readonly isNotAllowed: boolean

  constructor(message: string, options: { cause?: unknown; isNotAllowed?: boolean } = {}) {
    super(message, options)
    this.isNotAllowed = options.isNotAllowed ?? false
  }
}
