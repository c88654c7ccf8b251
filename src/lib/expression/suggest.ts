import { serializeJsonPointer } from '../json/json-pointer.ts'
import { scanExpression } from './scan-expression.ts'
import { scanUrlTemplate, type UrlTemplateRules } from './scan-url-template.ts'

/** The URL template that was probably meant, or `undefined`; what it gives is always well-formed. */
export function suggestUrlTemplate(source: string, rules: UrlTemplateRules): string | undefined {
  const mendOne = (text: string) => (rules.names.includes(text) ? text : mend(text, rules.standard))
  const mended = balanceBraces(source).replaceAll(/\{([^{}]*)\}/g, (_, text) => `{${mendOne(text)}}`)
  return mended !== source && holds(fail => scanUrlTemplate(mended, rules, fail)) ? mended : undefined
}

/** The expression that was probably meant, or `undefined`; what it gives is always well-formed. */
export function suggestExpression(source: string, standard: boolean): string | undefined {
  const mended = mend(source.replaceAll(/^\s*\{|\}\s*$/g, ''), standard)
  const holdsAsOne = (fail: () => never) =>
    !/[{}]/.test(mended) && mended.startsWith('$') && scanExpression(mended, standard, fail)
  return mended !== source && holds(holdsAsOne) ? mended : undefined
}

function holds(scan: (fail: () => never) => unknown): boolean {
  try {
    return Boolean(
      scan(() => {
        throw new SyntaxError()
      }),
    )
  } catch {
    return false
  }
}

/** Gives each brace of a URL template the one that it lacks, at the place where that was probably meant. */
export const balanceBraces = (source: string): string => closeBraces(openBraces(source))

/** `$request.body#/url}` and `$url/{$id}`: an expression at the beginning lacks its opening brace, or both. */
function openBraces(source: string): string {
  return /^\s*(?:\$|(?:request|response)\.)/.test(source) ? `{${source}` : source
}

/** Closes each brace that stays open: before the next literal text where that is plain to see, else at the end. */
function closeBraces(source: string): string {
  return source.replaceAll(/\{([^{}]*)(?=\{|$)/g, (_, text: string) => {
    const withoutSlash = text.endsWith('/') ? text.slice(0, -1) : text
    const inside = text.includes('#') ? withoutSlash : (/^[^/?]*/.exec(text)?.[0] ?? text)
    return `{${inside}}${text.slice(inside.length)}`
  })
}

function mend(text: string, standard: boolean): string {
  const trimmed = text.trim()
  if (/^(?:request|response)\./.test(trimmed)) return mend(`$${trimmed}`, standard)
  // "{url}" means a parameter of that name, which "$url" does not read
  if (/^[\w-]+$/.test(trimmed) && !/^(?:url|method|statusCode)$/.test(trimmed)) return `$${trimmed}`
  const [, body, dotted] = (standard && trimmed.match(/^(\$(?:request|response)\.body)\.([^#/]+)$/)) || []
  return body && dotted ? `${body}#${serializeJsonPointer(dotted.split('.'))}` : trimmed
}
