import { base, docs, openapi, read } from './console-api.js'
import { address, h, icon } from './console-elements.js'
import {
  activeFilters,
  cursor,
  filterForm,
  filters,
  isFiltered,
  pageAt,
  scrollToChosen,
  showCounts,
  stateLinks,
} from './console-filters.js'
import { button, frame, keepingOpen, sayCounts, show, storeIsAway } from './console-frame.js'
import { overview, sendingSwitch, sentence, total } from './console-overview.js'
import { now, number, span, stateText, time, toneOf, wordOf } from './console-words.js'

const BONES_AFTER_MS = 200
const LEAST_REFRESH_MS = 2_000
/** A page that is slow to read is read seldom. */
const REST_FACTOR = 10
const COLUMNS = ['state', 'name', 'to', 'tries', 'last', 'when']
const HEADS = ['State', 'Callback', 'Sent to', 'Attempts', 'Last response', 'When']

const parts = {
  sentence: h('p', {}, 'Reading the store …'),
  switch: h('div.row'),
  overview: h('div.stack'),
  active: h('div'),
  news: h('div'),
  list: h('div'),
  pages: h('div'),
}
let state
let items
let nextCursor
let refreshing = false
let refreshAgain = false

/** The overview and the list of deliveries. */
export function deliveriesPage() {
  const nav = stateLinks()
  frame('', given => {
    const happened = state !== undefined && JSON.stringify(given.counts) !== JSON.stringify(state.counts)
    const attempted = state !== undefined && given.happened !== state.happened
    state = given
    showState(nav)
    if (happened || attempted) refresh()
  })
  show(
    h(
      'div.headline',
      {},
      h('div', {}, h('h1', {}, 'Deliveries'), parts.sentence),
      isFiltered && h('a.small', { href: base }, 'Overview'),
      parts.switch,
    ),
    parts.overview,
    h(
      'section.card',
      { 'aria-labelledby': 'list' },
      h('h2.hidden', { id: 'list' }, 'List of deliveries'),
      nav,
      filterForm(),
      parts.active,
      parts.news,
      parts.list,
      parts.pages,
    ),
  )
  scrollToChosen(nav)
  // A state that came by the stream meanwhile is as new.
  readState(nav)
  readList()
}

async function readState(nav) {
  try {
    state = await read('/overview')
    showState(nav)
  } catch (error) {
    if (error.status === 503) storeIsAway()
    parts.sentence.textContent = `${error.message}.`
  }
}

function showState(nav) {
  const again = () => readState(nav)
  parts.sentence.replaceChildren(h('span', {}, sentence(state)))
  sayCounts(sentence(state))
  parts.switch.replaceChildren(sendingSwitch(state, again))
  showCounts(nav, state)
  if (!isFiltered && cursor === undefined) keepingOpen(parts.overview, overview(state, again))
  showActive()
}

function showActive() {
  const isEmpty = items?.length === 0 && nextCursor === undefined
  if (!parts.active.contains(document.activeElement))
    parts.active.replaceChildren(activeFilters(state, isEmpty, refresh) ?? '')
}

const listPath = () => {
  const all = new URLSearchParams(filters)
  if (cursor !== undefined) all.set('cursor', cursor)
  return `/deliveries?${all}`
}

async function readList() {
  const bones = setTimeout(() => parts.list.replaceChildren(table(skeleton(), true)), BONES_AFTER_MS)
  try {
    const page = await read(listPath())
    items = page.items
    nextCursor = page.nextCursor
    showList()
  } catch (error) {
    if (error.status === 503) storeIsAway()
    parts.list.replaceChildren(failed(error))
  } finally {
    clearTimeout(bones)
  }
}

function showList() {
  parts.news.replaceChildren()
  parts.list.replaceChildren(items.length > 0 ? table(items.map(item => row(item))) : nothing())
  parts.pages.replaceChildren(pages())
  showActive()
}

/** Reads the page again: rows on the screen change in place, and new ones push nothing. */
async function refresh() {
  if (refreshing || items === undefined) {
    refreshAgain = true
    return
  }
  refreshing = true
  refreshAgain = false
  const begun = performance.now()
  const page = await read(listPath()).catch(() => undefined)
  if (page !== undefined) changeRows(page)
  const restMs = Math.max(LEAST_REFRESH_MS, REST_FACTOR * (performance.now() - begun))
  setTimeout(() => {
    refreshing = false
    if (refreshAgain) refresh()
  }, restMs)
}

function changeRows(page) {
  const known = new Map(items.map((item, index) => [item.id, index]))
  for (const item of page.items) {
    const index = known.get(item.id)
    if (index === undefined || JSON.stringify(items[index]) === JSON.stringify(item)) continue
    items[index] = item
    replaceRow(item)
  }
  const fresh = page.items.filter(({ id }) => !known.has(id) && (items.length === 0 || id > items[0].id))
  if (cursor !== undefined || fresh.length === 0) return
  const take = () => {
    items = page.items
    nextCursor = page.nextCursor
    showList()
  }
  // Where nothing is, nothing is pushed away.
  if (items.length === 0) return take()
  const count =
    fresh.length === page.items.length && page.nextCursor !== undefined ? `${fresh.length} or more` : fresh.length
  const label = `${count} new ${fresh.length === 1 ? 'delivery: show it' : 'deliveries: show them'}`
  const onclick = () => {
    take()
    parts.list.querySelector('.open')?.focus()
  }
  keepingOpen(parts.news, h('div.news', {}, button(label, { onclick }, 'slim')))
}

function replaceRow(item) {
  const old = parts.list.querySelector(`tr[data-id="${item.id}"]`)
  if (old === null) return
  const hadFocus = old.contains(document.activeElement)
  const made = row(item, true)
  old.replaceWith(made)
  if (hadFocus) made.querySelector('.open').focus({ preventScroll: true })
}

function table(rows, isBusy = false) {
  const heads = HEADS.map((label, index) => h(`th.c-${COLUMNS[index]}`, { role: 'columnheader', scope: 'col' }, label))
  const made = h(
    'table.list',
    { role: 'table', 'aria-label': 'Deliveries, the newest first', 'aria-busy': isBusy && 'true' },
    h('thead', { role: 'rowgroup' }, h('tr', { role: 'row' }, heads)),
    h('tbody', { role: 'rowgroup' }, rows),
  )
  made.addEventListener('keydown', event => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    const links = [...made.querySelectorAll('.open')]
    const index = links.indexOf(document.activeElement)
    if (step === undefined || index < 0) return
    links[index + step]?.focus()
    event.preventDefault()
  })
  return made
}

function row(item, isFresh = false) {
  const { id, state: now, callback, operation, method, url, recipient, owner } = item
  const cell = (name, ...children) => h(`td.c-${name}`, { role: 'cell' }, children)
  const open = { href: `${base}/${id}`, 'aria-label': `${callback}, ${wordOf(now)}, ${id}` }
  return h(
    `tr${isFresh ? '.fresh' : ''}`,
    { role: 'row', 'data-id': id },
    cell('state', stateText(now)),
    cell('name', h('a.open', open, callback), h('span.second', {}, owner === undefined ? operation : `for ${owner}`)),
    cell(
      'to',
      h('span.second.mono.url.clip', { title: url }, method, ' ', address(url)),
      recipient && h('span.second.for', {}, 'for ', recipient),
    ),
    cell('tries', tries(item)),
    cell('last', lastOf(item)),
    cell('when', whenOf(item)),
  )
}

function tries({ outcomes, attemptCount }) {
  const bars = outcomes.map(outcome => h(`i.tone-${toneOf(outcome)}${outcome === 'accepted' ? '' : '.part'}`))
  const words = attemptCount === 0 ? 'none yet' : attemptCount === 1 ? '1 attempt' : `${number(attemptCount)} attempts`
  return [h('span.tries', { 'aria-hidden': 'true' }, bars), h('span', {}, words)]
}

function lastOf({ outcomes, lastStatus, responseValid }) {
  const outcome = outcomes.at(-1)
  if (outcome === undefined) return h('span.quiet', {}, 'none yet')
  return [
    h(`span.status.tone-${toneOf(outcome)}.state`, {}, lastStatus ?? wordOf(outcome)),
    responseValid === false && h('span.second', {}, 'not as declared'),
  ]
}

function whenOf({ state: name, createdAt, nextAttemptAt, settledAt }) {
  if (name === 'attempting') return [h('span', {}, 'on its way'), h('span.second', {}, 'recorded ', time(createdAt))]
  if (name === 'scheduled') {
    const isDue = nextAttemptAt === undefined || nextAttemptAt <= now()
    return [isDue ? h('span', {}, 'due') : time(nextAttemptAt), h('span.second', {}, 'recorded ', time(createdAt))]
  }
  const lasted = settledAt - createdAt
  return [time(settledAt), lasted > 30_000 && h('span.second', {}, 'after ', span(lasted))]
}

const skeleton = () =>
  Array.from({ length: 8 }, (_, line) =>
    h(
      'tr',
      { role: 'row', 'aria-hidden': 'true' },
      COLUMNS.map((name, column) =>
        h(`td.c-${name}`, { role: 'cell' }, h(`span.bone.w${((line + column * 3) % 4) + 1}`)),
      ),
    ),
  )

function pages() {
  if (items.length === 0 && cursor === undefined) return ''
  return h(
    'nav.pages',
    { 'aria-label': 'Pages' },
    h('span.quiet.small', {}, items.length === 1 ? '1 delivery' : `${items.length} deliveries on this page`),
    cursor !== undefined && h('a.button.slim', { href: pageAt() }, 'Newest'),
    nextCursor !== undefined && h('a.button.slim', { href: pageAt(filters, nextCursor) }, 'Older'),
  )
}

function nothing() {
  const listen = openapi && `npx ringback listen ${new URL(openapi, location.href)}`
  if (nextCursor !== undefined)
    return h(
      'div.nothing',
      {},
      icon('search'),
      h('h3', {}, 'Nothing among those that were looked at'),
      h('p', {}, 'Very many deliveries were looked at, and there are older ones: go on with "Older".'),
    )
  if (!isFiltered)
    return h(
      'div.nothing',
      {},
      icon('inbox'),
      h('h3', {}, 'No deliveries yet'),
      h(
        'p',
        {},
        'One appears here as soon as a handler sends a callback. Call an operation with a callback URL of your own, for instance of a receiver on this machine:',
      ),
      listen && h('pre.code', {}, listen),
      docs && h('a.button', { href: docs }, 'Open the API docs'),
    )
  const others = state === undefined ? '' : `There are ${number(total(state))} without these filters. `
  return h(
    'div.nothing',
    {},
    icon('search'),
    h('h3', {}, 'No delivery matches'),
    h('p', {}, `${others}Rows of settled deliveries are kept for some time only.`),
    h('a.button', { href: base }, 'Remove all filters'),
  )
}

const failed = ({ message, requestId }) =>
  h(
    'div.nothing',
    { role: 'alert' },
    icon('warn'),
    h('h3', {}, 'The list could not be read'),
    h('p', {}, `${message}. `, requestId && ['The log has more under ', h('code', {}, requestId), '.']),
    button('Try again', { onclick: readList }),
  )
