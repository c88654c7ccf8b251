import { ExpressionSyntaxError } from '../../../expression/expression-syntax-error.ts'
import { parseUrlTemplate } from '../../../expression/parse.ts'
import { balanceBraces } from '../../../expression/suggest.ts'
import type { DiagnosticCode } from '../../diagnostic-codes.ts'
import type { KeyFault, Mended } from './key-fault.ts'
import type { KeyScope } from './key-scope.ts'
import { mendExpression } from './mend-expression.ts'
import { withoutLast } from './without-last.ts'

/** A key as it was probably meant. */
export interface MendedKey extends Mended {
  /** Whether the text is a URL template now. */
  readonly isTemplate: boolean
}

/** Mends the grammar of a key; what its expressions name is not looked at, unless that tells what was meant. */
export function mendKey(source: string, scope: KeyScope): MendedKey {
  const faults: KeyFault[] = []
  let text = source
  for (const step of [mendSpaces, mendDollars, mendBraces, mendBare, mendInside, mendText]) {
    if (isTemplate(text, scope)) break
    const { text: mended, faults: found } = step(text, scope)
    text = mended
    faults.push(...found)
  }
  const error = faultOf(text, scope)
  if (error !== undefined && faults.every(({ remedy }) => remedy === undefined)) faults.push(asFault(error))
  return { text, faults, isTemplate: error === undefined }
}

const isTemplate = (text: string, scope: KeyScope): boolean => faultOf(text, scope) === undefined

function faultOf(text: string, { names }: KeyScope): ExpressionSyntaxError | undefined {
  try {
    parseUrlTemplate(text, { standard: true, names })
    return undefined
  } catch (error) {
    if (error instanceof ExpressionSyntaxError) return error
    throw error
  }
}

const changed = (before: string, text: string, code: DiagnosticCode, message: string): Mended =>
  text === before ? { text, faults: [] } : { text, faults: [{ code, message }] }

function mendSpaces(text: string): Mended {
  const mended = text.trim().replaceAll(/\{([^{}]*)\}/g, (_, inside: string) => `{${inside.trim()}}`)
  return changed(text, mended, 'space', `"${text}" has a space that is not part of the URL`)
}

function mendDollars(text: string): Mended {
  const mended = text.replaceAll(/\$\{\$?/g, '{$')
  return changed(text, mended, 'dollar-outside', `"${text}" has its "$" before the brace, and it belongs inside`)
}

function mendBraces(text: string): Mended {
  const single = text.replaceAll(/\{\{+/g, '{').replaceAll(/\}\}+/g, '}')
  const isDouble = text.includes('{{') && text.includes('}}')
  const doubled = isDouble ? changed(text, single, 'double-brace', `"${text}" has two pairs of braces`) : undefined
  // A text that is bare and whole needs no braces.
  const isBare = !/[{}]/.test(single) || (single.startsWith('$') && isBalanced(single))
  const balanced = isBare ? single : balanceBraces(single)
  const faults = [...(doubled?.faults ?? [])]
  if (balanced !== (isDouble ? single : text))
    faults.push({ code: 'unbalanced', message: `"${text}" has a brace without its partner` })
  return { text: balanced, faults }
}

const isBalanced = (text: string): boolean => !/[{}]/.test(text.replaceAll(/\{[^{}]*\}/g, ''))

/** Without braces: an expression that is the whole text, or that stands before other text. */
function mendBare(text: string): Mended {
  if (/^(?:request|response)\.[^{}]*$/i.test(text)) return { text: `{${text}}`, faults: [] }
  if (!text.startsWith('$')) return { text, faults: [] }
  const [whole = ''] = /^[^{}?]*/.exec(text) ?? []
  if (whole === text) return { text: `{${text}}`, faults: [] }
  const message = `"${text}" has an expression beside other text that is not in braces`
  return { text: `{${whole}}${text.slice(whole.length)}`, faults: [{ code: 'bare-expression', message }] }
}

function mendInside(text: string, scope: KeyScope): Mended {
  const faults: KeyFault[] = []
  const mended = text.replaceAll(/\{([^{}]*)\}/g, (_, inside: string) => {
    const expression = mendExpression(inside, scope)
    faults.push(...expression.faults)
    return `{${expression.text}}`
  })
  return { text: mended, faults }
}

/** Without any expression, it must be a URL: a name or a path alone was meant to be one of a value. */
function mendText(text: string, scope: KeyScope): Mended {
  if (/[{}$]/.test(text) || /^[a-z][a-z0-9+.-]*:\/\//i.test(text)) return { text, faults: [] }
  const message = `"${text}" is neither a runtime expression nor an absolute URL`
  const name = withoutLast(text.replace(/^[<:/]+/, ''), '>/')
  const found = /^[\w.-]+$/.test(name) ? scope.expressionNamed(name) : undefined
  if (found !== undefined) return { text: `{${found}}`, faults: [{ code: 'not-a-url', message }] }
  const likely = scope.onlyUrl() ?? '$request.body#/callbackUrl'
  const path = text.startsWith('/') ? text : ''
  const remedy = `Begin it with the value that is the base URL, such as "{${likely}}${path}", or with "https://"`
  return { text, faults: [{ code: 'not-a-url', message, remedy }] }
}

/** By what the parser says. Its own words are better than none. */
const codes: readonly (readonly [RegExp, DiagnosticCode])[] = [
  [/never closed|has no "\{"/, 'unbalanced'],
  [/must be in braces/, 'bare-expression'],
  [/scheme, host or port/, 'expression-in-host'],
  [/not an absolute http/, 'not-a-url'],
  [/A URL|a URL template|a URL,|request URL|query begins|stands in the query/, 'url-syntax'],
  [/"\$(?:request|response)\." must be followed/, 'unknown-source'],
  [/"body" may be followed|"~"/, 'pointer-syntax'],
]

const remedies: Partial<Readonly<Record<DiagnosticCode, string>>> = {
  'expression-in-host': 'Let the request give the whole base URL, such as "{$request.body#/callbackUrl}"',
  'url-syntax': 'Percent-encode it, or leave it out',
  'not-a-url': 'Begin it with an expression in braces, or with "https://"',
  'unknown-source': 'Write "$request." or "$response." and then "header.", "query.", "path." or "body#/"',
}

function asFault({ reason }: ExpressionSyntaxError): KeyFault {
  const [, code = 'expression-syntax'] = codes.find(([pattern]) => pattern.test(reason)) ?? []
  const remedy =
    remedies[code] ?? 'Write runtime expressions as OpenAPI has them, such as "{$request.body#/callbackUrl}"'
  return { code, message: reason, remedy }
}
