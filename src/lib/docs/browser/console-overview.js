import { askPauseAll, placeActions, resumeAll } from './console-actions.js'
import { base } from './console-api.js'
import { h, icon, masked } from './console-elements.js'
import { button } from './console-frame.js'
import { clockText, counted, HOUR, MINUTE, now, number, pill, span, time } from './console-words.js'

const LATE_SECONDS = 30
const NO_WORKER_MS = MINUTE

export const total = ({ counts }) => Object.values(counts).reduce((sum, count) => sum + count, 0)
export const waitingOf = ({ counts }) => counts.scheduled + counts.attempting

/** How things stand, in one sentence. */
export function sentence(state) {
  const { places, oldestDueSeconds: late, lastClaimAt, paused } = state
  if (total(state) === 0) return 'Nothing was sent yet.'
  if (paused) return `All sending is paused by ${paused.by}: “${paused.reason}”`
  const hasWorker = lastClaimAt !== undefined && now() - lastClaimAt < NO_WORKER_MS
  if (late !== undefined && late > 5 && !hasWorker) return 'Nothing is sending: no worker runs.'
  if (places.length > 0) return inTrouble(state)
  if (late > LATE_SECONDS) return `Deliveries are late: the oldest is due for ${span(late * 1_000)}.`
  return 'Everything goes out within a second.'
}

const TROUBLES = [
  ['open', 'does not answer', 'do not answer'],
  ['slowed', 'is slowed down', 'are slowed down'],
  ['paused', 'is paused', 'are paused'],
]

function inTrouble({ places, morePlaces }) {
  const parts = TROUBLES.flatMap(([state, one, many]) => {
    const count = places.filter(place => place.state === state).length
    return count === 0 ? [] : [`${counted(count, 'destination')} ${count === 1 ? one : many}`]
  })
  const waiting = places.reduce((sum, place) => sum + place.waiting, 0)
  const last = parts.pop()
  const said = parts.length === 0 ? last : `${parts.join(', ')} and ${last}`
  const verb = waiting === 1 ? 'waits' : 'wait'
  const wait = `${counted(waiting, 'delivery', 'deliveries')} ${verb} for ${places.length === 1 ? 'it' : 'them'}`
  return `${morePlaces ? 'At least ' : ''}${said}: ${wait}.`
}

function figure({ label, tone, iconName, value, more, query }) {
  const inside = [h('span.label', {}, icon(iconName), label), h('span.number', {}, value), h('span.more', {}, more)]
  const shade = value === '0' ? 'quiet' : tone
  return query === undefined
    ? h(`div.tone-${shade}`, {}, inside)
    : h(`a.tone-${shade}`, { href: `${base}?state=${query}` }, inside)
}

/** Four figures, the last 24 hours, and the destinations that need a look. */
export function overview(state, after) {
  return [
    h('section.overview', { 'aria-label': 'Overview' }, figures(state), chart(state)),
    state.places.length > 0 && attention(state, after),
  ]
}

function figures(state) {
  const { hours, places, retrying, moreRetrying, oldestDueSeconds: late } = state
  const [failed, blocked] = ['failed', 'blocked'].map(name => hours.reduce((sum, hour) => sum + hour[name], 0))
  const held = places.reduce((sum, place) => sum + place.waiting, 0)
  const waiting = waitingOf(state)
  return h(
    'div.card.figures',
    {},
    figure({
      ...{ label: 'Waiting', tone: 'info', iconName: 'scheduled', value: number(waiting), query: 'waiting' },
      more:
        waiting === 0
          ? 'nothing is to be sent'
          : held > 0
            ? `${number(held)} of them for destinations in trouble`
            : 'scheduled or attempting',
    }),
    figure({
      ...{ label: 'Retrying', tone: 'warn', iconName: 'retrying', query: 'retrying' },
      value: `${number(retrying)}${moreRetrying ? '+' : ''}`,
      more: 'an attempt failed, another will follow',
    }),
    figure({
      ...{ label: 'Failed in 24 h', tone: 'bad', iconName: 'failed', value: number(failed + blocked), query: 'failed' },
      more:
        failed + blocked === 0
          ? 'nothing to replay'
          : `${number(failed)} failed, ${number(blocked)} blocked; can be replayed`,
    }),
    figure({
      ...{
        label: 'Oldest due',
        tone: late > LATE_SECONDS ? 'bad' : 'ok',
        iconName: late > LATE_SECONDS ? 'warn' : 'delivered',
      },
      value: late === undefined ? '0' : late < 1 ? 'under 1 s' : span(late * 1_000),
      more: 'besides what waits for a destination',
    }),
  )
}

const BARS = { width: 25, height: 116, base: 80 }

/** Two strips over one time axis with a scale each: in one stack 3 of 3,000 would be no pixel. */
function chart({ hours }) {
  const last = Math.floor(now() / HOUR)
  const slots = Array.from({ length: 24 }, (_, index) => {
    const startsAt = (last - 23 + index) * HOUR
    const found = hours.find(hour => hour.startsAt === startsAt)
    return { startsAt, delivered: found?.delivered ?? 0, failed: (found?.failed ?? 0) + (found?.blocked ?? 0) }
  })
  const sum = name => slots.reduce((count, slot) => count + slot[name], 0)
  const heading = h('strong', {}, 'Last 24 hours')
  if (sum('delivered') + sum('failed') === 0)
    return h(
      'figure.card.chart',
      {},
      h('figcaption', {}, heading),
      h('div.nothing', {}, h('p', {}, 'Nothing was settled.')),
    )
  const [most, worst] = ['delivered', 'failed'].map(name => Math.max(1, ...slots.map(slot => slot[name])))
  const words = `${number(sum('delivered'))} delivered and ${number(sum('failed'))} failed or blocked in the last 24 hours; at most ${number(most)} delivered in an hour.`
  const view = { viewBox: `0 0 600 ${BARS.height}`, preserveAspectRatio: 'none', role: 'img', 'aria-label': words }
  return h(
    'figure.card.chart',
    {},
    h(
      'figcaption',
      {},
      heading,
      h('span.key.tone-ok', {}, `delivered, up to ${number(most)} an hour`),
      h('span.key.tone-bad', {}, `failed or blocked, up to ${number(sum('failed') === 0 ? 0 : worst)} an hour`),
    ),
    h(
      'svg',
      view,
      h('line.bar-base', { x1: 0, x2: 600, y1: 84, y2: 84 }),
      slots.map((slot, index) => bar(slot, index, { most, worst })),
    ),
    h(
      'div.axis',
      { 'aria-hidden': 'true' },
      [0, 6, 12, 18, 23].map(index =>
        h(`span.at${index}`, {}, index === 23 ? 'now' : clockText(slots[index].startsAt, false)),
      ),
    ),
    hourTable(slots),
  )
}

function bar({ startsAt, delivered, failed }, index, { most, worst }) {
  const [x, high] = [index * BARS.width, (delivered / most) * (BARS.base - 2)]
  return h(
    'g',
    {},
    h(
      'title',
      {},
      `${clockText(startsAt, false)}: ${number(delivered)} delivered, ${number(failed)} failed or blocked`,
    ),
    h('rect', { x, y: 0, width: BARS.width, height: BARS.height, fill: 'transparent' }),
    delivered > 0 &&
      h('rect.bar-ok', { x: x + 3, y: BARS.base - Math.max(high, 1), width: 19, height: Math.max(high, 1), rx: 2 }),
    failed > 0 && h('rect.bar-bad', { x: x + 3, y: 88, width: 19, height: Math.max((failed / worst) * 26, 4), rx: 2 }),
  )
}

function hourTable(slots) {
  const heads = ['Hour', 'Delivered', 'Failed or blocked'].map(label => h('th', { scope: 'col' }, label))
  const rows = slots.map(({ startsAt, delivered, failed }) => {
    const href = `${base}?since=${startsAt}&until=${startsAt + HOUR}`
    const hour = h('a', { href }, clockText(startsAt, false))
    return h('tr', {}, h('td', {}, hour), h('td', {}, number(delivered)), h('td', {}, number(failed)))
  })
  return h(
    'details.quiet-summary',
    { 'data-key': 'hours' },
    h('summary', {}, 'As a table'),
    h(
      'div.scroll',
      { tabindex: '0', role: 'region', 'aria-label': 'Hours' },
      h('table', {}, h('thead', {}, h('tr', {}, heads)), h('tbody', {}, rows)),
    ),
  )
}

function attention({ places, morePlaces }, after) {
  return h(
    'section.card',
    { 'aria-labelledby': 'attention' },
    h(
      'header',
      {},
      h('h2', { id: 'attention' }, 'Destinations that need a look'),
      h('a.small', { href: `${base}/destinations` }, morePlaces ? 'More of them, and all others' : 'All destinations'),
    ),
    h(
      'ul.places.lines',
      {},
      places.map(place =>
        h(
          'li',
          {},
          h('div.where', {}, pill(place.state), placeLink(place, 'url')),
          h('p.why', {}, waitingText(place), ' · ', why(place)),
          h('div.actions', {}, placeActions(place, after)),
        ),
      ),
    ),
  )
}

export const placeLink = ({ url, recipient }, ...classes) =>
  h(
    ['a', ...classes].join('.'),
    { href: `${base}?destination=${encodeURIComponent(url)}` },
    masked(url),
    recipient && h('span.quiet', {}, ` for ${recipient}`),
  )

function waitingText({ waiting, oldestWaitingAt }) {
  const count = waiting >= 1_000 ? `${number(waiting)} or more` : number(waiting)
  return oldestWaitingAt && waiting > 0
    ? `${count} waiting, the oldest for ${span(now() - oldestWaitingAt)}`
    : `${count} waiting`
}

/** Why a destination is as it is, and what is next. */
export function why({ state, reason, pausedBy, pausedUntil, lastSuccessAt }) {
  const success = lastSuccessAt ? ['last 2xx ', time(lastSuccessAt)] : 'no 2xx yet'
  if (state === 'paused') return [`by ${pausedBy}: “${reason}”`]
  if (state === 'healthy') return [success]
  return [reason, pausedUntil > now() && [' · next attempt ', time(pausedUntil)], ' · ', success]
}

/** The switch for all sending. */
export const sendingSwitch = ({ paused }, after) =>
  paused
    ? button('Resume all sending', { acts: true, onclick: () => resumeAll(after) }, 'main', 'slim')
    : button('Pause all sending', { acts: true, onclick: () => askPauseAll(after) }, 'plain', 'slim')
