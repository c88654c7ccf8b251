import { request as httpRequest } from 'node:http'
import { gunzipSync } from 'node:zlib'
import type { CurlRequest } from './curl-command.ts'

/** A response as `curl -i` shows it. */
export interface ShownResponse {
  readonly status: number
  readonly statusLine: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/** Sends what a command asks for to a port of this machine, whatever port its URL has; `Host` stays as it is written. */
export async function sendCurl({ method, url, headers, body }: CurlRequest, port: number): Promise<ShownResponse> {
  const [, host = '', target = ''] = /^http:\/\/([^/]+)(\/.*)?$/.exec(url) ?? []
  if (host === '') throw new Error(`"${url}" is not a URL that begins with http:// and a host`)
  const length = body === undefined ? {} : { 'content-length': String(body.byteLength) }
  const all = { host, 'user-agent': 'curl/8.5.0', accept: '*/*', ...headers, ...length }
  const { promise, resolve, reject } = Promise.withResolvers<ShownResponse>()
  httpRequest({ host: '127.0.0.1', port, method, path: target || '/', headers: all, agent: false }, async response => {
    try {
      const bytes = Buffer.concat(await response.toArray())
      const { statusCode = 0, statusMessage = '', rawHeaders } = response
      const decoded = response.headers['content-encoding'] === 'gzip' ? gunzipSync(bytes) : bytes
      const statusLine = `HTTP/1.1 ${statusCode} ${statusMessage}`
      resolve({ status: statusCode, statusLine, headers: joined(rawHeaders), body: decoded.toString() })
    } catch (error) {
      reject(error)
    }
  })
    .on('error', reject)
    .end(body)
  return promise
}

/** Names in lower case; values of one name joined by a comma, cookies too. */
function joined(rawHeaders: readonly string[]): Record<string, string> {
  const headers: Record<string, string> = {}
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const [name = '', value = ''] = [rawHeaders[index]?.toLowerCase(), rawHeaders[index + 1]]
    headers[name] = headers[name] === undefined ? value : `${headers[name]}, ${value}`
  }
  return headers
}
