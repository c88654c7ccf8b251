import type { Expression } from '../../../expression/expression.ts'
import { parseExpression } from '../../../expression/parse.ts'
import { expressionText } from '../../../expression/serialize.ts'
import { schemaAt } from '../../schema/schema-at.ts'
import { typesOf } from '../../schema/schema-parts.ts'
import type { Misnamed } from './key-fault.ts'
import type { KeyScope } from './key-scope.ts'
import { meantPointer } from './meant-pointer.ts'
import { nearestName } from './near-text.ts'

/** What is wrong with what an expression names, if anything. The base is the first part of the URL. */
export function judgeExpression(expression: Expression, isBase: boolean, scope: KeyScope): Misnamed | undefined {
  if (scope.context === undefined) return undefined
  switch (expression.kind) {
    case 'query':
    case 'path':
      return judgeParameter(expression, scope)
    case 'header':
      return expression.message === 'request' ? judgeHeader(expression, scope) : judgeResponseHeader(expression, scope)
    case 'body':
      return judgeBody(expression, isBase, scope)
    case 'method':
    case 'status-code':
      return isBase ? { fault: notUrl(expression, scope) } : undefined
    default:
      return undefined
  }
}

type ParameterExpression = Extract<Expression, { kind: 'query' | 'path' }>
type HeaderExpression = Extract<Expression, { kind: 'header' }>
type BodyExpression = Extract<Expression, { kind: 'body' }>

const quoted = (names: readonly string[]): string => names.map(name => `"${name}"`).join(', ') || 'none'
const mostNames = 20

/** Names for a message, not all of hundreds. */
function listed(names: readonly string[]): string {
  const more = names.length - mostNames
  return more > 0 ? `${quoted(names.slice(0, mostNames))} and ${more} more` : quoted(names)
}

function judgeParameter(expression: ParameterExpression, scope: KeyScope): Misnamed | undefined {
  const { kind, name } = expression
  const { parameters } = scope.context!
  if (parameters[kind].includes(name) || parameters.isOpen) return undefined
  const message = `The operation has no ${kind} parameter "${name}"; declared: ${listed(parameters[kind])}`
  return unknown(message, name, { scope, names: parameters[kind], as: near => ({ kind, name: near }) })
}

/** Headers that a request has without a declaration: OpenAPI leaves some of them out of parameters. */
const usualHeaders = new Set([
  'accept',
  'content-type',
  'authorization',
  'host',
  'user-agent',
  'content-length',
  'origin',
])

function judgeHeader(expression: HeaderExpression, scope: KeyScope): Misnamed | undefined {
  const { name } = expression
  const { header, isOpen } = scope.context!.parameters
  const isKnown = usualHeaders.has(name.toLowerCase()) || header.some(one => one.toLowerCase() === name.toLowerCase())
  if (isKnown || isOpen) return undefined
  const message = `The operation has no header parameter "${name}"; declared: ${listed(header)}`
  const as = (near: string): Expression => ({ kind: 'header', message: 'request', name: near })
  return unknown(message, name, { scope, names: header, as })
}

function judgeResponseHeader({ name }: HeaderExpression, { context }: KeyScope): Misnamed | undefined {
  const { responseHeaders, hasOpenResponses } = context!
  const isKnown = responseHeaders.some(one => one.toLowerCase() === name.toLowerCase())
  if (isKnown || hasOpenResponses || /^(?:location|content-type|etag|date)$/i.test(name)) return undefined
  const near = nearestName(name, [...new Set(responseHeaders)])
  const message = `No response of the operation declares a header "${name}"; declared: ${listed(responseHeaders)}`
  return {
    fault: { code: 'unknown-parameter', message, remedy: 'Declare it in "headers" of the response' },
    meant: near === undefined ? undefined : { expression: { kind: 'header', message: 'response', name: near } },
  }
}

/** The parameter may be of another kind, be misspelt, or end before what was meant as text. */
function unknown(
  message: string,
  name: string,
  { scope, names, as }: { scope: KeyScope; names: readonly string[]; as: (near: string) => Expression },
): Misnamed {
  const fault = { code: 'unknown-parameter' as const, message, remedy: 'Declare it in "parameters" of the operation' }
  const elsewhere = scope.expressionNamed(name)
  const near = nearestName(name, names)
  if (near?.toLowerCase() === name.toLowerCase()) return { fault, meant: { expression: as(near) } }
  if (elsewhere !== undefined) return { fault, meant: { expression: parseExpression(elsewhere) } }
  const [, before = '', following = ''] = /^([^/?]+)([/?].*)$/s.exec(name) ?? []
  if (names.includes(before)) return { fault, meant: { expression: as(before), following } }
  return near === undefined ? { fault } : { fault, meant: { expression: as(near) } }
}

function judgeBody(expression: BodyExpression, isBase: boolean, scope: KeyScope): Misnamed | undefined {
  const { document, requestBodies, responseBodies, hasOpenResponses } = scope.context!
  const isRequest = expression.message === 'request'
  const bodies = isRequest ? requestBodies : responseBodies
  if (bodies.length === 0) return isRequest || !hasOpenResponses ? { fault: noBody(expression, scope) } : undefined
  const at = schemaAt(document, bodies, expression.pointer)
  if (at.kind === 'open' || (!isRequest && hasOpenResponses)) return undefined
  if (at.kind === 'missing') {
    const place = `"${expressionText({ ...expression, pointer: expression.pointer.slice(0, at.index) })}"`
    const where = at.index === 0 ? `The ${expression.message} body` : place
    const message = `${where} has no property "${at.name}"; declared: ${listed(at.declared)}`
    const remedy = pointerRemedy(scope, isRequest)
    return { fault: { code: 'unknown-pointer', message, remedy }, meant: meantPointer(expression, at, scope) }
  }
  return judgeType(typesOf(at.parts), expression, isBase, scope)
}

function pointerRemedy(scope: KeyScope, isRequest: boolean): string {
  const likely = isRequest ? scope.onlyUrl() : undefined
  const declare = 'Declare the property in the schema of the body, or name one that is there'
  return likely === undefined ? declare : `${declare}: "{${likely}}" looks like the URL`
}

function judgeType(
  types: ReadonlySet<string> | undefined,
  expression: BodyExpression,
  isBase: boolean,
  scope: KeyScope,
): Misnamed | undefined {
  const usable = isBase ? ['string'] : ['string', 'number', 'integer', 'boolean']
  if (types === undefined || usable.some(type => types.has(type))) return undefined
  const found = [...types].join(' or ')
  const use = isBase ? 'the base URL' : 'a part of the URL'
  const likely = expression.message === 'request' ? scope.onlyUrl() : undefined
  return {
    fault: {
      code: 'wrong-type',
      message: `"${expressionText(expression)}" is ${/^[aio]/.test(found) ? 'an' : 'a'} ${found}, which cannot be ${use}`,
      remedy:
        likely === undefined
          ? 'Name a property that is text'
          : `Name one that is text: "{${likely}}" looks like the URL`,
    },
  }
}

function noBody(expression: BodyExpression, scope: KeyScope) {
  const likely = scope.onlyUrl()
  return {
    code: 'no-body' as const,
    message: `"${expressionText(expression)}" reads the body of a ${expression.message} that has none`,
    remedy:
      likely === undefined
        ? `Declare the body of the ${expression.message}, or read the value from where it is`
        : `Read the value from where it is: "{${likely}}" looks like the URL`,
  }
}

function notUrl(expression: Expression, scope: KeyScope) {
  const likely = scope.onlyUrl()
  return {
    code: 'wrong-type' as const,
    message: `"${expressionText(expression)}" is never a URL, and cannot be the base URL`,
    remedy: `Begin with the value that is the base URL, such as "{${likely ?? '$request.body#/callbackUrl'}}"`,
  }
}
