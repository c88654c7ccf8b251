import fc from 'fast-check'
import type { OpenApiDocument, OperationObject, ParameterObject } from 'ringback/openapi'
import { encodedBodyOf } from './encoded-body.ts'
import { resolved, valuesOf } from './values-of.ts'

type Json = Readonly<Record<string, unknown>>

/** An operation of a document, ready to be asked. */
export interface DocumentedOperation {
  readonly method: string
  readonly path: string
  readonly operation: OperationObject
  readonly bodySchema: Json | undefined
}

/** A request as the document describes it. */
export interface GeneratedRequest {
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  /** The value of the JSON body, or one in another media type; undefined where there is none. */
  readonly body: unknown
}

export function operationsOf(document: OpenApiDocument): DocumentedOperation[] {
  return Object.entries(document.paths ?? {}).flatMap(([path, item]) =>
    Object.entries(item).map(([method, operation]) => ({
      method: method.toUpperCase(),
      path,
      operation,
      bodySchema: operation.requestBody?.content['application/json']?.schema,
    })),
  )
}

/** Requests that fit an operation. */
export function requestOf(
  { path, operation, bodySchema }: DocumentedOperation,
  document: OpenApiDocument,
): fc.Arbitrary<GeneratedRequest> {
  const parameters = (operation.parameters ?? []) as readonly ParameterObject[]
  const model = Object.fromEntries(parameters.map(one => [`${one.in} ${one.name}`, parameterOf(one, document)]))
  const requiredKeys = parameters.filter(({ required }) => required === true).map(one => `${one.in} ${one.name}`)
  const json = bodySchema === undefined ? fc.constant(undefined) : valuesOf(bodySchema, document as unknown as Json)
  const body = encodedBodyOf(operation, document) ?? json
  return fc.tuple(fc.record(model, { requiredKeys }), body).map(([values, body]) => ({
    ...withParameters(path, parameters, values as Readonly<Record<string, unknown>>),
    body,
  }))
}

function parameterOf({ in: place, schema = {} }: ParameterObject, document: OpenApiDocument): fc.Arbitrary<unknown> {
  const values = valuesOf(schema, document as unknown as Json)
  const text = resolved(schema, document as unknown as Json)['type'] === 'string'
  if (!text) return values
  // What a line of HTTP, or one segment of a path, can hold.
  if (place === 'header' || place === 'cookie') return values.filter(value => /^[!-:<-~]*$/.test(String(value)))
  return place === 'path'
    ? values.filter(value => String(value).isWellFormed() && !/^\.{0,2}$/.test(String(value)))
    : values
}

function withParameters(
  path: string,
  parameters: readonly ParameterObject[],
  values: Readonly<Record<string, unknown>>,
): Omit<GeneratedRequest, 'body'> {
  const search = new URLSearchParams()
  const headers: Record<string, string> = {}
  const cookies: string[] = []
  let url = path
  for (const { in: place, name } of parameters) {
    const value = values[`${place} ${name}`]
    if (value === undefined) continue
    if (place === 'path') url = url.replace(`{${name}}`, () => encodeURIComponent(String(value)))
    else if (place === 'query') for (const one of [value].flat()) search.append(name, String(one))
    else if (place === 'header') headers[name] = String(value)
    else cookies.push(`${name}=${encodeURIComponent(String(value))}`)
  }
  if (cookies.length > 0) headers['cookie'] = cookies.join('; ')
  return { url: search.size === 0 ? url : `${url}?${search}`, headers }
}
