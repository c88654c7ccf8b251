import type { SourceDocument } from '../reading/source-document.ts'
import { itemsOf, memberOf, membersOf, type SourceNode, type SourceObject, textOf } from '../source/source-node.ts'

/** The names of an operation's parameters by where they are, and whether some of them are not known. */
export interface ParameterNames {
  readonly query: readonly string[]
  readonly path: readonly string[]
  readonly header: readonly string[]
  readonly isOpen: boolean
}

/** What the expressions of an operation's callbacks may read. */
export interface OperationContext {
  readonly document: SourceDocument
  readonly parameters: ParameterNames
  /** The schemas of the request body, one for each media type; undefined for one that says nothing. No body: none. */
  readonly requestBodies: readonly (SourceNode | undefined)[]
  /** The same of all responses. */
  readonly responseBodies: readonly (SourceNode | undefined)[]
  readonly responseHeaders: readonly string[]
  /** Whether some of the responses are not known. */
  readonly hasOpenResponses: boolean
}

/** Reads what an operation declares. `path` is the template or key that its path item stands under. */
export function operationContext(
  document: SourceDocument,
  path: string,
  pathItem: SourceObject,
  operation: SourceObject,
): OperationContext {
  const responses = responsesOf(document, operation)
  return {
    document,
    parameters: parametersOf(document, path, [pathItem, operation]),
    requestBodies: bodySchemas(document, memberOf(operation, 'requestBody')),
    responseBodies: responses.flatMap(response => bodySchemas(document, response)),
    responseHeaders: responses.flatMap(one => membersOf(memberOf(one, 'headers')).map(({ key }) => key.text)),
    hasOpenResponses: responses.some(response => response === undefined),
  }
}

function responsesOf(document: SourceDocument, operation: SourceObject): (SourceNode | undefined)[] {
  return membersOf(document.resolve(memberOf(operation, 'responses'))).map(({ value }) => document.resolve(value))
}

/** The schemas of a request body or response, and of each item of one that comes piece by piece. */
function bodySchemas(document: SourceDocument, holder: SourceNode | undefined): (SourceNode | undefined)[] {
  if (holder === undefined) return []
  const body = document.resolve(holder)
  if (body === undefined) return [undefined]
  return membersOf(memberOf(body, 'content')).map(({ value }) => {
    const mediaType = document.resolve(value)
    return memberOf(mediaType, 'schema')
  })
}

function parametersOf(
  document: SourceDocument,
  path: string,
  holders: readonly (SourceNode | undefined)[],
): ParameterNames {
  const names = { query: new Set<string>(), path: new Set(templateNames(path)), header: new Set<string>() }
  let isOpen = false
  for (const parameter of holders.flatMap(holder => itemsOf(memberOf(holder, 'parameters')))) {
    const resolved = document.resolve(parameter)
    const name = textOf(memberOf(resolved, 'name'))
    const place = textOf(memberOf(resolved, 'in'))
    if (resolved === undefined) isOpen = true
    else if (name !== undefined && (place === 'query' || place === 'path' || place === 'header')) names[place].add(name)
    // Of OpenAPI 3.2: the query as a whole, with any names.
    else if (place === 'querystring') isOpen = true
  }
  addKeys(document, names)
  return { query: [...names.query], path: [...names.path], header: [...names.header], isOpen }
}

/** API keys are sent as parameters, too. */
function addKeys(document: SourceDocument, names: { readonly query: Set<string>; readonly header: Set<string> }): void {
  for (const { value } of membersOf(memberOf(memberOf(document.root, 'components'), 'securitySchemes'))) {
    const scheme = document.resolve(value)
    const name = textOf(memberOf(scheme, 'name'))
    const place = textOf(memberOf(scheme, 'in'))
    if (name !== undefined && (place === 'query' || place === 'header')) names[place].add(name)
  }
}

/** The names in a path template; expressions in the key of a callback are none. */
function templateNames(path: string): string[] {
  return [...path.matchAll(/\{([^{}$]+)\}/g)].map(([, name = '']) => name)
}
