import { readFileSync } from 'node:fs'
import { basename, join } from 'node:path'

/** What a curl command asks for. */
export interface CurlRequest {
  readonly method: string
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: Uint8Array | undefined
  /** Whether cookies of the response go into curl's file, and whether those of the file are sent. */
  readonly keepsCookies: boolean
  readonly sendsCookies: boolean
}

interface Asked {
  url?: string
  method?: string
  readonly headers: Record<string, string>
  readonly data: string[]
  readonly form: string[]
  inQuery: boolean
  file?: string
  keepsCookies: boolean
  sendsCookies: boolean
}

type Option = (asked: Asked, value: string) => void

const CREDENTIALS: Option = (asked, value) => {
  asked.headers['authorization'] = `Basic ${Buffer.from(value).toString('base64')}`
}

const urlEncoded: Option = (asked, value) => {
  const equals = value.indexOf('=')
  asked.data.push(`${value.slice(0, equals + 1)}${encodeURIComponent(value.slice(equals + 1))}`)
}

/** The options that a page may use, each with what it takes. */
const WITH_VALUE: Readonly<Record<string, Option>> = {
  '-X': (asked, value) => (asked.method = value),
  '-H': (asked, value) => {
    const colon = value.indexOf(':')
    asked.headers[value.slice(0, colon).trim().toLowerCase()] = value.slice(colon + 1).trim()
  },
  '-d': (asked, value) => asked.data.push(value),
  '--json': (asked, value) => {
    asked.headers['content-type'] ??= 'application/json'
    asked.headers['accept'] ??= 'application/json'
    asked.data.push(value)
  },
  '--data-urlencode': urlEncoded,
  '--data-binary': (asked, value) => {
    if (value.startsWith('@')) asked.file = value.slice(1)
    else asked.data.push(value)
  },
  '-F': (asked, value) => asked.form.push(value),
  '-u': CREDENTIALS,
  '-b': (asked, value) => {
    // Without a "=" it is the name of a file.
    if (value.includes('=')) asked.headers['cookie'] = value
    else asked.sendsCookies = true
  },
  '-c': asked => (asked.keepsCookies = true),
  '-r': (asked, value) => (asked.headers['range'] = `bytes=${value}`),
}

const WITHOUT: Readonly<Record<string, (asked: Asked) => void>> = {
  '-i': () => {},
  '-s': () => {},
  '-N': () => {},
  '-G': asked => (asked.inQuery = true),
  '-I': asked => (asked.method = 'HEAD'),
  '--compressed': asked => (asked.headers['accept-encoding'] = 'gzip'),
}

/** The curl commands of a shell block. A backslash at the end of a line joins it to the next, and so does an open quote. */
export function curlCommands(text: string): { readonly line: number; readonly command: string }[] {
  const commands: { line: number; command: string }[] = []
  let open: { line: number; command: string } | undefined
  for (const [line, words] of text.split('\n').entries()) {
    open = { line: open?.line ?? line, command: (open?.command ?? '') + words }
    if (words.endsWith('\\')) open.command = open.command.slice(0, -1)
    else if (hasOpenQuote(open.command)) open.command += '\n'
    else {
      if (open.command.startsWith('curl ')) commands.push(open)
      open = undefined
    }
  }
  return commands
}

const hasOpenQuote = (command: string): boolean => /['"]/.test(command.replaceAll(/'[^']*'|"(?:\\.|[^"\\])*"/g, ''))

/**
 * Reads a command as a shell and curl do, as far as a page of the guide needs it. Throws an `Error` that says which
 * options it may use. `files` is the folder in which `@` finds files.
 */
export async function curlRequest(command: string, files: string): Promise<CurlRequest> {
  const asked: Asked = { headers: {}, data: [], form: [], inQuery: false, keepsCookies: false, sendsCookies: false }
  const words = shellWords(command).slice(1)
  for (let word = words.shift(); word !== undefined; word = words.shift()) {
    const option = WITH_VALUE[word]
    if (option !== undefined) option(asked, words.shift() ?? '')
    else if (Object.hasOwn(WITHOUT, word)) WITHOUT[word]?.(asked)
    else if (word.startsWith('-')) throw new Error(unknownOption(word))
    else asked.url = word
  }
  return requestOf(asked, files)
}

function unknownOption(word: string): string {
  const known = [...Object.keys(WITH_VALUE), ...Object.keys(WITHOUT)]
  return `the guide does not know curl's option "${word}", but ${known.join(', ')}`
}

async function requestOf(asked: Asked, files: string): Promise<CurlRequest> {
  const { headers, form, data, file, inQuery, keepsCookies, sendsCookies } = asked
  const url = inQuery ? `${asked.url}?${data.join('&')}` : (asked.url ?? '')
  const { body, contentType } = await bodyOf()
  if (contentType !== undefined) headers['content-type'] ??= contentType
  // curl leaves out a header that is given without a value.
  const sent = Object.fromEntries(Object.entries(headers).filter(([, value]) => value !== ''))
  const method = asked.method ?? (body === undefined ? 'GET' : 'POST')
  return { method, url, headers: sent, body, keepsCookies, sendsCookies }

  async function bodyOf(): Promise<{ body?: Uint8Array; contentType?: string }> {
    if (form.length > 0) {
      const encoded = new Response(formData(form, files))
      return { body: await encoded.bytes(), contentType: encoded.headers.get('content-type') ?? '' }
    }
    const contentType = 'application/x-www-form-urlencoded'
    if (file !== undefined) return { body: readFileSync(join(files, file)), contentType }
    if (data.length === 0 || inQuery) return {}
    return { body: new TextEncoder().encode(data.join('&')), contentType }
  }
}

/** `name=text`, or `name=@path;type=image/png` for a file. */
function formData(parts: readonly string[], files: string): FormData {
  const data = new FormData()
  for (const part of parts) {
    const equals = part.indexOf('=')
    const [name, value] = [part.slice(0, equals), part.slice(equals + 1)]
    const [, path, type = 'application/octet-stream'] = /^@([^;]*)(?:;type=(.*))?$/.exec(value) ?? []
    if (path === undefined) data.append(name, value)
    else data.append(name, new File([readFileSync(join(files, path))], basename(path), { type }))
  }
  return data
}

/** The words of a command: quotes and backslashes as a POSIX shell reads them. */
function shellWords(command: string): string[] {
  const words: string[] = []
  for (const [word] of command.matchAll(/(?:'[^']*'|"(?:\\.|[^"])*"|\\.|[^\s'"\\])+/g))
    words.push(
      word.replaceAll(/'([^']*)'|"((?:\\.|[^"])*)"|\\(.)/g, (_, single, double, escaped) =>
        single !== undefined ? single : double !== undefined ? double.replaceAll(/\\(["\\$`])/g, '$1') : escaped,
      ),
    )
  return words
}
