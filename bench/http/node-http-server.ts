import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { announceServer } from '../process/parent.ts'
import { eventItems, eventText } from './events.ts'
import { checkInvoice, checkInvoiceWithItems, type Mistake } from './hand-written-checks.ts'
import { readUpload } from './read-upload.ts'

/** The limit: the API on `node:http` with hand-written checks. */
announceServer(
  createServer((request, response) => {
    const url = request.url ?? '/'
    const queryStart = url.indexOf('?')
    const path = queryStart < 0 ? url : url.slice(0, queryStart)
    const query = queryStart < 0 ? undefined : new URLSearchParams(url.slice(queryStart + 1))
    if (request.method === 'POST' && path === '/invoices/') receive(request, response, query, checkInvoice)
    else if (request.method === 'POST' && path === '/bulk') receive(request, response, query, checkInvoiceWithItems)
    else if (request.method === 'POST' && path === '/files') receiveUpload(request, response)
    else if (request.method === 'GET' && path === '/events') stream(response)
    else if (request.method === 'GET' && path.startsWith('/invoices/') && path.length > 10)
      show(response, path.slice(10), query)
    else respond(response, 404, { detail: 'Not Found' })
  }),
)

function receive(
  request: IncomingMessage,
  response: ServerResponse,
  query: URLSearchParams | undefined,
  check: (body: unknown, mistakes: Mistake[]) => void,
): void {
  const mistakes: Mistake[] = []
  const callbackUrl = query?.get('callback_url') ?? undefined
  if (callbackUrl !== undefined && !URL.canParse(callbackUrl))
    mistakes.push({ loc: ['query', 'callback_url'], msg: 'URL expected', type: 'value_error.url' })
  readText(request, text => {
    const body = parse(text)
    if (body === undefined) mistakes.push({ loc: ['body'], msg: 'JSON expected', type: 'value_error.json' })
    else check(body, mistakes)
    if (mistakes.length > 0) respond(response, 422, { detail: mistakes })
    else respond(response, 200, { msg: 'Invoice received' })
  })
}

function receiveUpload(request: IncomingMessage, response: ServerResponse): void {
  readUpload(request, request.headers['content-type'] ?? '').then(
    upload => respond(response, 200, upload),
    error => respond(response, 400, { detail: String(error) }),
  )
}

function show(response: ServerResponse, idText: string, query: URLSearchParams | undefined): void {
  const mistakes: Mistake[] = []
  const id = Number(idText)
  const limitText = query?.get('limit') ?? undefined
  const limit = limitText === undefined ? 20 : Number(limitText)
  if (!Number.isInteger(id)) mistakes.push({ loc: ['path', 'id'], msg: 'integer expected', type: 'type_error' })
  if (!Number.isInteger(limit) || limit < 1 || limit > 100)
    mistakes.push({ loc: ['query', 'limit'], msg: 'integer from 1 to 100 expected', type: 'type_error' })
  if (mistakes.length > 0) respond(response, 422, { detail: mistakes })
  else respond(response, 200, { id, limit, msg: 'ok' })
}

function stream(response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'text/event-stream' })
  pipeline(Readable.from(eventTexts()), response).catch(() => response.destroy())
}

async function* eventTexts(): AsyncGenerator<string> {
  for await (const item of eventItems()) yield eventText(item)
}

function readText(request: IncomingMessage, done: (text: string) => void): void {
  const chunks: Buffer[] = []
  request.on('data', (chunk: Buffer) => chunks.push(chunk))
  request.on('end', () => done(chunks.length === 1 ? String(chunks[0]) : String(Buffer.concat(chunks))))
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return undefined
  }
}

function respond(response: ServerResponse, status: number, value: unknown): void {
  const text = JSON.stringify(value)
  response.writeHead(status, {
    'content-type': 'application/json; charset=utf-8',
    'content-length': Buffer.byteLength(text),
  })
  response.end(text)
}
