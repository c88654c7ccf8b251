import { serializeJsonPointer } from '../../../json/json-pointer.ts'
import type { KeyFault, Mended } from './key-fault.ts'
import type { KeyScope } from './key-scope.ts'
import { withoutLast } from './without-last.ts'

/**
 * Mends what stands in a pair of braces, without them, as far as its words tell what was meant. What it gives need not be
 * an expression yet.
 */
export function mendExpression(source: string, scope: KeyScope): Mended {
  if (scope.names.includes(source)) return { text: source, faults: [] }
  const faults: KeyFault[] = []
  let text = source
  for (const step of [addDollar, mendSource, mendPlace, mendName]) {
    const { text: mended, faults: found } = step(text, scope)
    text = mended
    faults.push(...found)
  }
  return { text, faults }
}

const unchanged = (text: string): Mended => ({ text, faults: [] })

function addDollar(text: string): Mended {
  if (!/^(?:request|response)\./i.test(text)) return unchanged(text)
  const message = `"{${text}}" lacks the "$" that a runtime expression begins with`
  return { text: `$${text}`, faults: [{ code: 'missing-dollar', message }] }
}

/** Other tools' names of the two messages. */
const messages = new Map([
  ['req', 'request'],
  ['request', 'request'],
  ['requests', 'request'],
  ['res', 'response'],
  ['resp', 'response'],
  ['response', 'response'],
  ['responses', 'response'],
])

/** Other tools' names of what a message has. */
const sources = new Map([
  ...['header', 'headers'].map(name => [name, 'header'] as const),
  ...['query', 'queries', 'querystring', 'queryparam', 'queryparams', 'queryparameters', 'qs'].map(
    name => [name, 'query'] as const,
  ),
  ...['path', 'paths', 'pathparam', 'pathparams', 'pathparameters'].map(name => [name, 'path'] as const),
  ...['body', 'payload', 'data', 'json', 'content', 'requestbody', 'responsebody'].map(name => [name, 'body'] as const),
])
const parameterWords = new Set(['param', 'params', 'parameter', 'parameters'])
const wholes = new Map([
  ['url', '$url'],
  ['method', '$method'],
  ['statuscode', '$statusCode'],
  ['status', '$statusCode'],
  ['status_code', '$statusCode'],
])

/** `$.request.headers.x`, `$req.body`, `$body#/x`, `$request.params.x`: what is read, by another name. */
function mendSource(text: string, scope: KeyScope): Mended {
  const [, dot = '', first = '', following = ''] = /^\$(\.?)([A-Za-z_]+)(.*)$/s.exec(text) ?? []
  if (first === '') return unchanged(text)
  const whole = following === '' ? wholes.get(first.toLowerCase()) : undefined
  if (whole !== undefined && scope.parametersNamed(first).length === 0) return renamed(text, whole)
  const message = messages.get(first.toLowerCase())
  if (message !== undefined) return renamed(text, withSource(message, following, scope) ?? text)
  const source = sources.get(first.toLowerCase())
  // "$query" alone is a parameter of that name, in short.
  if (source === undefined || (following === '' && source !== 'body' && dot === '')) return unchanged(text)
  const of = first.toLowerCase() === 'responsebody' ? 'response' : 'request'
  return renamed(text, `$${of}.${source}${following}`)
}

function withSource(message: string, following: string, scope: KeyScope): string | undefined {
  const [, word = '', rest = ''] = /^\.([A-Za-z_]+)(.*)$/s.exec(following) ?? []
  const source = sources.get(word.toLowerCase())
  if (source !== undefined) return `$${message}.${source}${rest}`
  if (!parameterWords.has(word.toLowerCase())) return undefined
  const [only, ...others] = scope.parametersNamed(nameIn(rest))
  return others.length === 0 ? only : undefined
}

function renamed(text: string, mended: string): Mended {
  if (mended === text) return unchanged(text)
  return {
    text: mended,
    faults: [{ code: 'unknown-source', message: `"{${text}}" does not name its source as OpenAPI does` }],
  }
}

/** The name behind ".", "/", "#/", ":" or in brackets. */
const nameIn = (rest: string): string => withoutLast(rest.replace(/^[./#:[\]'"]+/, ''), `'"]`)

/** What follows the source: a name after ".", or a JSON Pointer after "#". */
function mendPlace(text: string): Mended {
  const place = /^(\$(?:request|response)\.(header|query|path|body))(.*)$/s
  const [, before = '', source = '', rest = ''] = place.exec(text) ?? []
  if (before === '' || rest === '') return unchanged(text)
  if (source === 'body') return mendPointer(text, before, rest)
  if (rest.startsWith('.') || nameIn(rest) === '') return unchanged(text)
  const message = `"{${text}}" has something else than "." between source and name`
  return { text: `${before}.${nameIn(rest)}`, faults: [{ code: 'expression-syntax', message }] }
}

function mendPointer(text: string, before: string, rest: string): Mended {
  if (rest === '#') return unchanged(text)
  if (rest.startsWith('#/')) {
    const escaped = rest.replaceAll(/~(?![01])/g, '~0')
    if (escaped === rest) return unchanged(text)
    const message = `"{${text}}" has a "~" that must be written "~0"`
    return { text: before + escaped, faults: [{ code: 'pointer-syntax', message }] }
  }
  const tokens = rest.split(/[./[\]'"#$:]+/).filter(token => token !== '')
  if (tokens.length === 0) return unchanged(text)
  const isDotted = /^(?:\.[^./#[\]$]+)+$/.test(rest)
  const message = `"{${text}}" does not name a place in the body by a JSON Pointer, which is written "#/a/b"`
  const code = isDotted ? 'dotted-body' : 'pointer-syntax'
  return { text: `${before}#${serializeJsonPointer(tokens)}`, faults: [{ code, message }] }
}

/** `$callback_url` and `callback_url`: a name without its source. */
function mendName(text: string, scope: KeyScope): Mended {
  const [, dollar = '', name = ''] = /^(\$?)([^\s.#/${}]+)$/.exec(text) ?? []
  if (name === '' || (dollar === '$' && wholes.get(name.toLowerCase()) === text)) return unchanged(text)
  const code = dollar === '$' ? 'shorthand-parameter' : 'plain-template'
  const message =
    dollar === '$'
      ? `"{${text}}" names a parameter without saying where it is, which OpenAPI does not have`
      : `"{${text}}" is not a runtime expression, and not a path parameter that the callback declares`
  const found = scope.expressionNamed(name)
  if (found !== undefined) return { text: found, faults: [{ code, message }] }
  return { text, faults: [{ code, message, remedy: remedyFor(name, scope) }] }
}

function remedyFor(name: string, scope: KeyScope): string {
  const likely = scope.onlyUrl()
  const example = likely ?? `$request.body#/${name}`
  return `Write where the value is, such as "{${example}}"; if only the sender knows it, declare it in "parameters" of the callback, "in: path"`
}
