import { h, icon } from './console-elements.js'

export const MINUTE = 60_000
export const HOUR = 3_600_000
export const DAY = 86_400_000

const TONES = {
  scheduled: 'info',
  attempting: 'info',
  delivered: 'ok',
  failed: 'bad',
  blocked: 'stop',
  cancelled: 'quiet',
  retrying: 'warn',
  healthy: 'ok',
  slowed: 'warn',
  open: 'bad',
  paused: 'quiet',
  accepted: 'ok',
  rejected: 'bad',
  unreachable: 'bad',
  'timed-out': 'warn',
  refused: 'stop',
  abandoned: 'quiet',
}
const ICONS = {
  healthy: 'delivered',
  slowed: 'slow',
  open: 'unplugged',
  accepted: 'delivered',
  rejected: 'failed',
  unreachable: 'unplugged',
  'timed-out': 'scheduled',
  refused: 'blocked',
  abandoned: 'cancelled',
}
/** An open breaker sounds well, and is not. */
const WORDS = { healthy: 'answering', slowed: 'slowed down', open: 'not answering', 'timed-out': 'timed out' }

export const toneOf = name => TONES[name] ?? 'quiet'
export const iconOf = name => icon(ICONS[name] ?? name)
export const wordOf = name => WORDS[name] ?? name
export const number = value => value.toLocaleString('en')
export const counted = (count, one, many = `${one}s`) => `${number(count)} ${count === 1 ? one : many}`

export const stateText = name => h(`span.state.tone-${toneOf(name)}`, {}, iconOf(name), wordOf(name))
export const pill = name => h(`span.pill.tone-${toneOf(name)}`, {}, iconOf(name), wordOf(name))

export function span(ms) {
  if (ms < 1_000) return 'under a second'
  if (ms < 100_000) return `${Math.round(ms / 1_000)} s`
  if (ms < 100 * MINUTE) return `${Math.round(ms / MINUTE)} min`
  if (ms < 48 * HOUR)
    return `${Math.floor(ms / HOUR)} h ${String(Math.floor((ms % HOUR) / MINUTE)).padStart(2, '0')} min`
  return `${Math.round(ms / DAY)} days`
}

export const took = ms => (ms < 1_000 ? `${ms} ms` : `${(ms / 1_000).toFixed(ms < 10_000 ? 2 : 1)} s`)

let ahead = 0

/** The server's time, since this machine's clock may differ. */
export const now = () => Date.now() + ahead

export function learnTime(date) {
  const difference = Date.parse(date ?? '') - Date.now()
  // The header is accurate to a second.
  ahead = Math.abs(difference) > 2_000 ? difference : 0
}

const KEY = 'ringback-utc'
export const isUtc = () => localStorage.getItem(KEY) === '1'
export function setUtc(on) {
  localStorage.setItem(KEY, on ? '1' : '0')
  refreshTimes()
}

const pad = (value, digits = 2) => String(value).padStart(digits, '0')

function exact(at) {
  const date = new Date(at)
  if (isUtc()) return `${date.toISOString().slice(0, 10)} ${date.toISOString().slice(11, 19)} UTC`
  return `${date.getFullYear()}-${pad(date.getMonth() + 1)}-${pad(date.getDate())} ${clockText(at)}`
}

export function clockText(at, withSeconds = true) {
  const date = new Date(at)
  const [hours, minutes, seconds] = isUtc()
    ? [date.getUTCHours(), date.getUTCMinutes(), date.getUTCSeconds()]
    : [date.getHours(), date.getMinutes(), date.getSeconds()]
  return `${pad(hours)}:${pad(minutes)}${withSeconds ? `:${pad(seconds)}` : ''}`
}

function relative(at) {
  const away = at - now()
  if (Math.abs(away) < 1_500) return 'now'
  return away > 0 ? `in ${span(away)}` : `${span(-away)} ago`
}

const element = (at, kind, text) =>
  h('time', { datetime: new Date(at).toISOString(), title: exact(at), 'data-kind': kind }, text)
export const time = at => element(at, 'relative', relative(at))
export const clock = at => element(at, 'clock', clockText(at))

/** Writes what all times on the page are now. */
export function refreshTimes() {
  for (const shown of document.querySelectorAll('time[data-kind]')) {
    const at = Date.parse(shown.dateTime)
    shown.textContent = shown.dataset.kind === 'clock' ? clockText(at) : relative(at)
    shown.title = exact(at)
  }
}
