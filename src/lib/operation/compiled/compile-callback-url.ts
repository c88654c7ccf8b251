import { DefinitionError } from '../../definition/definition-error.ts'
import { caret } from '../../expression/caret.ts'
import type { Expression } from '../../expression/expression.ts'
import { ExpressionSyntaxError } from '../../expression/expression-syntax-error.ts'
import { type LocatedExpression, locateExpressions, parseUrlTemplate } from '../../expression/parse.ts'
import { resolveShorthand } from '../../expression/resolve-shorthand.ts'
import { isExpression, type UrlTemplate } from '../../expression/url-template.ts'
import { type JsonSchema, typesOf } from '../../schema/json-schema.ts'
import { type SchemaAtPointer, schemaAtPointer } from '../../schema/schema-at-pointer.ts'
import { baseComplaint } from './base-complaint.ts'
import type { DeclaredParameters, DeclaredSources, UrlSources } from './declared-sources.ts'

/**
 * Reads the URL of a callback and checks each of its expressions against what the operation declares: the run-time
 * twin of `CheckCallbacks`. Throws a `DefinitionError` with a caret under the expression at fault.
 */
export function compileCallbackUrl(url: string, sources: UrlSources, place: string): UrlTemplate {
  if (typeof url !== 'string')
    throw new DefinitionError(`The URL of ${place} is not text: give it first, before the options`)
  const { located, template } = readUrl(url, [...sources.names.keys()], place)
  checkNames(template, sources.names, place)
  const resolved = resolveShorthand(template, {
    params: [...sources.path.keys()],
    query: [...sources.query.keys()],
    headers: [...sources.header.keys()],
  })
  if ('unresolved' in resolved) {
    const index = located.find(({ text }) => text === resolved.expression)?.index ?? 0
    throw new DefinitionError(`The URL of ${place}: ${resolved.unresolved}\n${caret(url, index)}`)
  }
  const expressions = resolved.template.parts.filter(isExpression)
  for (const [number, expression] of expressions.entries()) {
    const complaint = complaintAbout(expression, sources)
    if (complaint !== undefined) throw wrongUrl(complaint, url, located[number], place)
  }
  const [first] = resolved.template.parts
  const aboutBase = first === undefined || !isExpression(first) ? undefined : baseComplaint(first, sources)
  if (aboutBase !== undefined)
    throw new DefinitionError(
      `The URL of ${place} begins with "${located[0]?.text}", ${aboutBase}\n${caret(url, located[0]?.index ?? 0)}`,
    )
  return resolved.template
}

function readUrl(
  url: string,
  names: readonly string[],
  place: string,
): { located: LocatedExpression[]; template: UrlTemplate } {
  try {
    return { located: locateExpressions(url, { names }), template: parseUrlTemplate(url, { names }) }
  } catch (error) {
    if (error instanceof ExpressionSyntaxError)
      throw new DefinitionError(`The URL of ${place} cannot be read: ${error.message}`, { cause: error })
    throw error
  }
}

/** Each name that is declared stands in the URL, and its value is one text that is always there. */
function checkNames({ parts }: UrlTemplate, names: DeclaredParameters, place: string): void {
  for (const [name, { schema, root, required }] of names) {
    if (!parts.some(part => part.kind === 'name' && part.name === name))
      throw new DefinitionError(`"params" of ${place} declares "${name}", but its URL has no "{${name}}"`)
    if (!isScalar(schema, root))
      throw new DefinitionError(`"params" of ${place} declares "${name}" as an array or an object: ${SCALAR}`)
    if (!required && !('default' in schema))
      throw new DefinitionError(
        `"params" of ${place} declares "${name}" as optional, but a URL cannot leave it out: make it required, or give it a default`,
      )
  }
}

function wrongUrl(complaint: string, url: string, at: LocatedExpression | undefined, place: string): DefinitionError {
  const { text, index } = at ?? { text: url, index: 0 }
  return new DefinitionError(`The URL of ${place} reads "${text}", but there is ${complaint}\n${caret(url, index)}`)
}

function complaintAbout(expression: Expression, sources: DeclaredSources): string | undefined {
  switch (expression.kind) {
    case 'query':
      return aboutParameter('query parameter', expression.name, sources.query)
    case 'path':
      return aboutParameter('path parameter', expression.name, sources.path)
    case 'header':
      return expression.message === 'request'
        ? aboutParameter('header', expression.name.toLowerCase(), sources.header)
        : aboutLate(aboutParameter('response header', expression.name.toLowerCase(), sources.responseHeader), () =>
            sources.responseHeader.get(expression.name.toLowerCase())?.required === true
              ? undefined
              : `only an optional response header "${expression.name}": it must be required`,
          )
    case 'body':
      return expression.message === 'request'
        ? aboutBody('body', sources.body, expression.pointer)
        : aboutBody('response', sources.responseBody, expression.pointer, true)
    default:
      return undefined
  }
}

const aboutLate = (first: string | undefined, second: () => string | undefined) => first ?? second()

function aboutParameter(what: string, name: string, declared: DeclaredParameters): string | undefined {
  const property = declared.get(name)
  if (property === undefined) return `no ${what} "${name}"; declared: ${listed([...declared.keys()])}`
  return isScalar(property.schema, property.root) ? undefined : `an array or an object in ${what} "${name}": ${SCALAR}`
}

function aboutBody(
  what: string,
  root: JsonSchema | undefined,
  pointer: readonly string[],
  mustBeRequired = false,
): string | undefined {
  if (root === undefined) return `no ${what} declared`
  const found = schemaAtPointer(root, pointer)
  const at = pointer.join('/')
  if (found.kind !== 'found') return aboutMissing(what, found, at)
  if (!isScalar(found.schema, root))
    return `an array or an object ${at === '' ? 'as' : `at "${at}" of`} the ${what}: ${SCALAR}`
  if (mustBeRequired && !found.required) return `only an optional "${at}" in the ${what}: it must be required`
  return undefined
}

function aboutMissing(what: string, found: SchemaAtPointer, at: string): string | undefined {
  switch (found.kind) {
    case 'no-property':
      return `no property "${found.name}" ${found.name === at ? 'in' : `at "${at}" of`} the ${what}; declared: ${listed(found.declared)}`
    case 'no-object':
      return `no object to look for "${found.name}" in, at "${at}" of the ${what}`
    case 'no-index':
      return `an array in which "${found.name}" is not an index, at "${at}" of the ${what}`
    default:
      return undefined
  }
}

const SCALAR = 'a URL needs text, a number or a boolean'

function isScalar(schema: JsonSchema, root: JsonSchema): boolean {
  const types = typesOf(schema, root)
  return types.has('string') || types.has('number') || types.has('boolean')
}

const listed = (names: readonly string[]) =>
  names.length === 0
    ? 'none'
    : names
        .toSorted()
        .map(name => `"${name}"`)
        .join(', ')
