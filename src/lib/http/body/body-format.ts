import type { SpooledFiles } from '../form/spool.ts'
import type { BodyContent, RequestView } from '../request-view.ts'

/** Room for the files of one request, which are removed once its response has been sent. */
export interface FileRoom {
  openFiles(): Promise<SpooledFiles>
}

/** How the bodies of one kind of media type are read. */
export interface ReadFormat {
  /** The media type that a client is asked for. */
  readonly mediaType: string
  /** Whether this format reads a body with this `Content-Type`. */
  fits(contentType: string): boolean
  /**
   * The value of a request's body, `undefined` where there is none. A format reads all bytes with `readBody`, or a
   * stream of them from `request.body`; neither gives more than the request's limit. `limitValues` bounds the number of
   * values in them, and files go into `room`. Throws an `HttpError` that says what is wrong.
   */
  read(view: RequestView, limitValues: number, room: FileRoom): Promise<unknown>
}

/** How they are written and described, too: a row of `BODY_FORMATS`. */
export interface BodyFormat extends ReadFormat {
  /** The `Content-Type` that is sent, where it is more than the media type. */
  readonly contentType?: string
  /** What is sent for a validated value; `undefined` where the format cannot express it. */
  write(value: unknown): BodyContent | undefined
  /** How a document describes a body with this schema (OpenAPI 3.1.1, "Media Type Object"). */
  describe<Schema>(schema: Schema): MediaTypeDescription<Schema>
}

/** A format whose bodies exist as a whole, so that a delivery can keep them. */
export interface WholeBodyFormat extends BodyFormat {
  /** The value of all bytes of a body, as `read` gives it. Throws an `HttpError` that says what is wrong. */
  parse(bytes: Uint8Array, limitValues: number): unknown
  write(value: unknown): string | Uint8Array | undefined
}

/** The part of a media type object that a format knows. */
export interface MediaTypeDescription<Schema> {
  readonly schema: Schema
}
