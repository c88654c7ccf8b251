import type { Absent, NoPart, Schema } from '../schema/schema.ts'

/** The methods of a path operation, as OpenAPI names them. */
export type Method = 'get' | 'put' | 'post' | 'delete' | 'options' | 'head' | 'patch' | 'trace'

/** One further response of an operation or of a callback's receiver. */
export interface ResponseDeclaration {
  /** What this response means, for the document. Default: the status's own title. */
  readonly description?: string
  /** The JSON body. Default: a problem for an operation's status from 400 on; else none. */
  readonly body?: Schema
  /** One object schema of the headers of this response. */
  readonly headers?: Schema
}

/** Further responses by their status code. */
export interface Responses {
  readonly [status: number]: ResponseDeclaration
}

export type MaybePromise<T> = T | Promise<T>

/** No `response` declared: the handler returns nothing, and expressions find nothing in the response. */
export interface NoResponse extends Schema {
  readonly '~absent': true
  readonly '~standard': {
    readonly version: 1
    readonly vendor: string
    readonly jsonSchema: object
    readonly types?: { readonly input: void; readonly output: {} } | undefined
  }
}

/** No `responseHeaders` declared. */
export type NoResponseHeaders = Absent<{}, {}>

/** The status of the main response where the definition gives none: 204 without a `response`, else 200. */
export type DefaultStatus<RS extends Schema> = RS extends NoResponse ? 204 : 200

/** No `query` declared. */
export type NoQuery = NoPart<'query'>
/** No `headers` declared. */
export type NoHeaders = NoPart<'headers'>
/** No `cookies` declared. */
export type NoCookies = NoPart<'cookies'>
/** No `body` declared. */
export type NoBody = NoPart<'body'>
