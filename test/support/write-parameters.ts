import type { ParameterObject } from 'ringback/openapi'

/** The texts that a client sends for some parameters. */
export interface Written {
  path: string
  query: string
  headers: Record<string, string>
}

type Value = string | number | boolean

/**
 * Writes values as a client would that knows only the document (OpenAPI 3.1.1, "Style Values"): by `in`, `style` and
 * `explode`, whose defaults depend on `in`.
 */
export function writeParameters(
  template: string,
  parameters: readonly ParameterObject[],
  values: Readonly<Record<string, unknown>>,
): Written {
  const written: Written = { path: template, query: '', headers: {} }
  const query: string[] = []
  const cookies: string[] = []
  for (const parameter of parameters) {
    const { name, in: location } = parameter
    const value = values[`${location} ${name}`]
    if (location === 'path') written.path = written.path.replace(`{${name}}`, () => simple(value, encodeURIComponent))
    else if (location === 'header') written.headers[name] = simple(value, String)
    else (location === 'query' ? query : cookies).push(...form(parameter, value))
  }
  if (cookies.length > 0) written.headers['cookie'] = cookies.join('; ')
  written.query = query.join('&')
  return written
}

const simple = (value: unknown, encode: (text: string) => string): string =>
  [value]
    .flat()
    .map(item => encode(String(item)))
    .join()

function form({ name, style = 'form', explode = style === 'form' }: ParameterObject, value: unknown): string[] {
  const pair = (key: string, texts: string) => `${encodeURIComponent(key)}=${texts}`
  if (style === 'deepObject') return deep(name, value)
  if (!explode) return [pair(name, simple(value, encodeURIComponent))]
  if (Array.isArray(value)) return value.map(item => pair(name, encodeURIComponent(item as Value)))
  if (typeof value !== 'object' || value === null) return [pair(name, encodeURIComponent(value as Value))]
  return Object.entries(value).map(([key, item]) => pair(key, encodeURIComponent(item as Value)))
}

function deep(name: string, value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(item => deep(name, item))
  if (typeof value !== 'object' || value === null)
    return [`${encodeURIComponent(name)}=${encodeURIComponent(value as Value)}`]
  return Object.entries(value).flatMap(([key, item]) => deep(`${name}[${key}]`, item))
}
