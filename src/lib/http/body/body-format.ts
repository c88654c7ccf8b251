import type { BodyContent, RequestView } from '../request-view.ts'

/** How the bodies of one kind of media type are read, written and described: a row of `BODY_FORMATS`. */
export interface BodyFormat {
  /** What is written, and what a client is asked for. */
  readonly mediaType: string
  /** Whether a body with this `Content-Type` is read in this way. */
  fits(contentType: string): boolean
  /**
   * The value of a request's body, `undefined` where there is none. A format takes all bytes by `readBody`, or a stream of
   * them as `request.body`; neither gives more than the request's limit. `limitValues` bounds what the bytes may stand
   * for. Throws an `HttpError` that says what is wrong.
   */
  read(view: RequestView, limitValues: number): Promise<unknown>
  /** What is sent of a validated value; `undefined` where the format cannot say it. */
  write(value: unknown): BodyContent | undefined
  /** How a document describes a body with this schema (OpenAPI 3.1.1, "Media Type Object"). */
  describe<Schema>(schema: Schema): MediaTypeDescription<Schema>
}

/** A format whose bodies are there at once: what a delivery can keep. */
export interface WholeBodyFormat extends BodyFormat {
  write(value: unknown): string | Uint8Array | undefined
}

/** What a format knows of a media type object. */
export interface MediaTypeDescription<Schema> {
  readonly schema: Schema
}
