import { askReplayAll } from './console-actions.js'
import { base, read } from './console-api.js'
import { h, icon } from './console-elements.js'
import { button } from './console-frame.js'
import { waitingOf } from './console-overview.js'
import { clockText, HOUR, iconOf, number, toneOf } from './console-words.js'

const query = new URLSearchParams(location.search)
const FIELDS = [
  ['text', 'Text'],
  ['destination', 'Destination'],
  ['operation', 'Operation'],
  ['callback', 'Callback'],
  ['recipient', 'Recipient'],
  ['since', 'Time'],
]
const PERIODS = { '1h': 'last hour', '24h': 'last 24 hours', '7d': 'last 7 days' }
const STATES = ['waiting', 'scheduled', 'retrying', 'attempting', 'delivered', 'failed', 'blocked', 'cancelled']
const SETTLED = ['failed', 'blocked', 'cancelled', 'delivered']

/** What the page's address says, without the place in the list. */
export const filters = new URLSearchParams(
  [...query].filter(([name, value]) => value !== '' && name !== 'cursor' && isFilter(name)),
)
export const cursor = query.get('cursor') ?? undefined
export const isFiltered = filters.size > 0
const chosen = filters.get('state') ?? ''
const active = FIELDS.filter(([name]) => filters.has(name))

function isFilter(name) {
  return name === 'state' || name === 'until' || FIELDS.some(([field]) => field === name)
}

export const pageAt = (parameters = filters, next) => {
  const all = new URLSearchParams(parameters)
  if (next !== undefined) all.set('cursor', next)
  return all.size === 0 ? base : `${base}?${all}`
}

const withState = state => {
  const next = new URLSearchParams(filters)
  next.delete('state')
  if (state !== '') next.set('state', state)
  return pageAt(next)
}

const without = name => {
  const next = new URLSearchParams(filters)
  next.delete(name)
  if (name === 'since') next.delete('until')
  return pageAt(next)
}

/** The states as links, each with how many there are. */
export function stateLinks() {
  const links = ['', ...STATES].map(state =>
    h(
      `a.tone-${toneOf(state === 'waiting' ? 'scheduled' : state)}${state === 'retrying' ? '.within' : ''}`,
      {
        href: withState(state),
        'aria-current': chosen === state && 'true',
        title:
          state === 'retrying'
            ? 'scheduled, with at least one attempt'
            : state === 'waiting'
              ? 'scheduled or attempting'
              : undefined,
      },
      state !== '' && iconOf(state === 'waiting' ? 'inbox' : state),
      state === '' ? 'All' : state[0].toUpperCase() + state.slice(1),
      h('b', { 'data-count': state }),
    ),
  )
  return h('nav.states', { 'aria-label': 'State', tabindex: '-1' }, links)
}

export function showCounts(nav, state) {
  const counts = {
    ...state.counts,
    waiting: waitingOf(state),
    retrying: `${number(state.retrying)}${state.moreRetrying ? '+' : ''}`,
  }
  for (const place of nav.querySelectorAll('[data-count]')) {
    const count = counts[place.dataset.count]
    place.textContent = count === undefined ? '' : typeof count === 'number' ? number(count) : count
  }
}

/** The chosen state into view. Not by `scrollIntoView`, which would move the place from which Tab starts. */
export function scrollToChosen(nav) {
  const current = nav.querySelector('[aria-current]')
  if (current) nav.scrollLeft = current.offsetLeft - nav.offsetLeft - (nav.clientWidth - current.clientWidth) / 2
}

export function filterForm() {
  const wide = matchMedia('(min-width: 701px)')
  const known = h('datalist', { id: 'known' })
  const recipients = h('datalist', { id: 'recipients' })
  const [operation, callback] = ['operation', 'callback'].map(name => h('select', { name }, option('', 'any')))
  const form = h(
    'form.filters',
    { role: 'search', 'aria-label': 'Filter deliveries', action: base },
    chosen && h('input', { type: 'hidden', name: 'state', value: chosen }),
    field('Text', input('text', 'id, URL, idempotency key'), 'text'),
    field('Destination', input('destination', 'beginning of the URL', 'known'), 'where'),
    field('Operation', operation),
    field('Callback', callback),
    field('Recipient', input('recipient', 'any', 'recipients')),
    field('Time', timeSelect()),
    h('button.button.go', { type: 'submit' }, 'Filter'),
    known,
    recipients,
  )
  form.addEventListener('submit', () => {
    for (const control of form.elements) if (control.value === '') control.disabled = true
  })
  addEventListener('pageshow', () => {
    for (const control of form.elements) control.disabled = false
  })
  form.addEventListener('focusin', () => complete(known, recipients), { once: true })
  read('/about').then(
    ({ operations }) => fillSelects(operations, operation, callback),
    () => {},
  )
  const label = active.length > 0 ? `Filters (${active.length})` : 'Filters'
  const fold = h('details.fold', { open: wide.matches }, h('summary', {}, icon('search'), label, icon('down')), form)
  wide.addEventListener('change', () => {
    fold.open = wide.matches
  })
  return fold
}

const field = (label, control, ...classes) =>
  h(['label.field', ...classes].join('.'), {}, h('span', {}, label), control)

const input = (name, placeholder, list) =>
  h('input', {
    ...{ name, placeholder, list, value: filters.get(name), autocomplete: 'off', spellcheck: 'false' },
    type: name === 'text' ? 'search' : 'text',
  })

const option = (value, label = value, selected = false) => h('option', { value, selected }, label)

function timeSelect() {
  const since = filters.get('since') ?? ''
  const periods = Object.entries(PERIODS).map(([value, label]) => option(value, label, since === value))
  const own = since !== '' && !(since in PERIODS) && option(since, timeText(), true)
  return h('select', { name: 'since' }, option('', 'any'), periods, own)
}

function timeText() {
  const [since, until] = [filters.get('since'), filters.get('until')]
  if (since in PERIODS) return PERIODS[since]
  const end = until === null ? '' : ` to ${clockText(Number(until), false)}`
  const day = Number(until) - Number(since) <= HOUR ? '' : new Date(Number(since)).toISOString().slice(0, 10)
  return `${day} ${clockText(Number(since), false)}${end}`.trim()
}

function fillSelects(operations, operation, callback) {
  const names = { operation: operations.map(one => one.operation), callback: operations.flatMap(one => one.callbacks) }
  for (const [select, name] of [
    [operation, 'operation'],
    [callback, 'callback'],
  ]) {
    const own = filters.get(name)
    const all = new Set([...names[name], ...(own === null ? [] : [own])])
    select.append(...[...all].map(value => option(value, value, value === own)))
  }
}

/** What is known already, to complete what is typed. */
async function complete(known, recipients) {
  const { items } = await read('/destinations').catch(() => ({ items: [] }))
  known.replaceChildren(...[...new Set(items.map(({ url }) => url))].map(url => option(url)))
  const names = new Set(items.flatMap(({ recipient }) => recipient ?? []))
  recipients.replaceChildren(...[...names].map(name => option(name)))
}

/** What is chosen, each with a way to remove it; and the replay of all that match. */
export function activeFilters(state, isEmpty, after) {
  const canReplay = SETTLED.includes(chosen) && chosen !== 'delivered'
  if (active.length === 0 && !canReplay) return undefined
  const count = active.length === 0 ? state?.counts[chosen] : undefined
  const words = `${chosen}${active.length > 0 ? ' and match the filters' : ''}`
  return h(
    'div.active',
    {},
    active.map(([name, label]) => chip(name, label)),
    active.length > 0 &&
      h('a.small', { href: pageAt(new URLSearchParams(chosen ? { state: chosen } : {})) }, 'Remove all'),
    h('span.grow'),
    canReplay &&
      count !== 0 &&
      !isEmpty &&
      button(
        count === undefined ? 'Replay all that match' : `Replay all ${number(count)}`,
        { acts: true, onclick: () => askReplayAll(filters, { words, count }, after) },
        'slim',
      ),
  )
}

const chip = (name, label) =>
  h(
    'span.chip',
    {},
    h('span.clip', {}, h('span.quiet', {}, `${label} `), name === 'since' ? timeText() : filters.get(name)),
    h(
      'button',
      { type: 'button', 'aria-label': `Remove the filter ${label}`, onclick: () => location.assign(without(name)) },
      icon('close'),
    ),
  )
