import { escapeControls, escapeControlsInLines } from '../../log/escape-controls.ts'
import { bodyText } from '../body-text.ts'
import type { Terminal, TerminalColor } from '../terminal.ts'
import type { Handled } from './received.ts'

/** One line for one request: `12  10:03:04  POST /events  invoicePaid  200  valid  3 ms`. */
export function handledLine({ received, judged, tookMs }: Handled, terminal: Terminal): string {
  const { number, at, method, target } = received
  const time = new Date(at).toISOString().slice(11, 19)
  const name = judged.route?.outgoing.name ?? '-'
  return [
    terminal.color('gray', `${number}  ${time}`),
    escapeControls(`${method} ${withoutQuery(target)}`),
    terminal.color('cyan', escapeControls(name)),
    terminal.color(colorOf(judged.reply.status), String(judged.reply.status)),
    escapeControls(judged.words),
    terminal.color('gray', `${tookMs.toFixed(0)} ms`),
  ].join('  ')
}

/** A query may carry a token. */
const withoutQuery = (target: string): string => target.replace(/\?.*$/s, '?***')

const colorOf = (status: number): TerminalColor => (status < 300 ? 'green' : status < 500 ? 'yellow' : 'red')

/** Everything of one request and its response. */
export function handledDetails({ received, judged }: Handled, terminal: Terminal): string[] {
  const { number, method, target, headers, body } = received
  return [
    terminal.color('bold', `Request ${number}: ${escapeControls(`${method} ${target}`)}`),
    ...Object.entries(headers).map(([name, value]) => `  ${escapeControls(`${name}: ${masked(name, String(value))}`)}`),
    ...bodyLines(body),
    terminal.color('bold', `Response ${judged.reply.status}: ${escapeControls(judged.words)}`),
    ...Object.entries(judged.reply.headers).map(([name, value]) => `  ${escapeControls(`${name}: ${value}`)}`),
    ...bodyLines(judged.reply.body),
  ]
}

const masked = (name: string, value: string): string =>
  /^(?:authorization|proxy-authorization|cookie)$/.test(name) ? '***' : value

const mostShown = 16 * 1024

function bodyLines(body: Uint8Array): string[] {
  if (body.length === 0) return []
  const text = bodyText(body.subarray(0, mostShown))
  if (text === undefined) return [`  (${body.length} bytes that are not text)`]
  const more = body.length > mostShown ? [`  (and ${body.length - mostShown} more bytes)`] : []
  return [...escapeControlsInLines(text).split('\n'), ...more].map(line => `  ${line}`)
}

/** A request as one line of JSON, for programs. */
export function handledJson({ received, judged, tookMs }: Handled): object {
  const { number, at, method, target, headers, body } = received
  return {
    type: 'request',
    number,
    receivedAt: new Date(at).toISOString(),
    method,
    target,
    headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, masked(name, String(value))])),
    body: bodyText(body),
    name: judged.route?.outgoing.name,
    id: judged.id,
    accepted: judged.isAccepted,
    repeats: judged.repeats,
    words: judged.words,
    status: judged.reply.status,
    responseBody: bodyText(judged.reply.body),
    tookMs: Math.round(tookMs),
  }
}
