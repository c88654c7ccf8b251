import { createHash } from 'node:crypto'
import { extname } from 'node:path'
import { judgeConditions } from '../http/file/conditions.ts'
import type { PlainResponse } from '../http/request-view.ts'

/** A file that is served as it is. */
export interface StaticFile {
  readonly name: string
  read(): Promise<Uint8Array>
  /** Headers of its own. */
  headers?(): Readonly<Record<string, string>>
}

const TYPES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  '.html': { 'content-type': 'text/html; charset=utf-8' },
  '.css': { 'content-type': 'text/css; charset=utf-8' },
  '.js': { 'content-type': 'text/javascript; charset=utf-8' },
  '.png': { 'content-type': 'image/png' },
}

/** Responds with a file, read once, or with 304 to a client that has it (RFC 9110, section 13.1.2). */
export function staticResponse({
  name,
  read,
  headers: own = () => ({}),
}: StaticFile): (ifNoneMatch: string | undefined) => Promise<PlainResponse> {
  let loaded: Promise<{ body: Uint8Array; etag: string }> | undefined
  return async ifNoneMatch => {
    loaded ??= read().then(body => ({ body, etag: etagOf(body) }))
    const { body, etag } = await loaded.catch(error => {
      loaded = undefined
      throw error
    })
    const headers = {
      'cache-control': 'no-cache',
      etag,
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
      ...TYPES[extname(name)],
      ...own(),
    }
    const condition = (name: string) => (name === 'if-none-match' ? ifNoneMatch : undefined)
    const isKnown = judgeConditions(condition, { etag, lastModified: undefined }) === 'notModified'
    return isKnown ? { status: 304, headers, body: undefined } : { status: 200, headers, body }
  }
}

const etagOf = (body: Uint8Array) => `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`
