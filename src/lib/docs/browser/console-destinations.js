import { placeActions } from './console-actions.js'
import { base, read } from './console-api.js'
import { h, icon } from './console-elements.js'
import { button, frame, keepingOpen, show, storeIsAway } from './console-frame.js'
import { placeLink, why } from './console-overview.js'
import { iconOf, now, number, pill, span, toneOf, wordOf } from './console-words.js'

const query = new URLSearchParams(location.search)
const chosen = query.get('state') ?? ''
const text = query.get('text') ?? ''
const STATES = ['open', 'slowed', 'paused', 'healthy']
const HEADS = ['Destination', 'State', 'Waiting', h('span.hidden', {}, 'Actions')]

const list = h('div')
let items = []
let nextCursor

/** Where deliveries go: who is in trouble, how many wait, and whether sending should stop. */
export function destinationsPage() {
  let happened
  frame('destinations', state => {
    const next = JSON.stringify([state.counts, state.places])
    if (happened !== undefined && happened !== next) readPages()
    happened = next
  })
  show(
    h(
      'div.headline',
      {},
      h(
        'div',
        {},
        h('h1', {}, 'Destinations'),
        h(
          'p',
          {},
          'The base URLs that deliveries go to. What waits for one holds up no other, and uses up none of its attempts.',
        ),
      ),
    ),
    h('section.card', { 'aria-label': 'Destinations' }, find(), list),
  )
  readPages()
}

function find() {
  const links = ['', ...STATES].map(state => {
    const next = new URLSearchParams({ ...(state && { state }), ...(text && { text }) })
    const word = state === '' ? 'all' : wordOf(state)
    return h(
      `a.tone-${toneOf(state)}`,
      { href: `${base}/destinations${next.size > 0 ? `?${next}` : ''}`, 'aria-current': chosen === state && 'true' },
      state !== '' && iconOf(state),
      word[0].toUpperCase() + word.slice(1),
    )
  })
  return h(
    'div.find',
    {},
    h('nav.states', { 'aria-label': 'State' }, links),
    h(
      'form',
      { role: 'search', 'aria-label': 'Find destinations' },
      chosen && h('input', { type: 'hidden', name: 'state', value: chosen }),
      h(
        'label.field',
        {},
        h('span.hidden', {}, 'Part of the URL or of the recipient'),
        h('input', { type: 'search', name: 'text', value: text, placeholder: 'part of the URL or recipient' }),
      ),
    ),
  )
}

const pathOf = cursor =>
  `/destinations?${new URLSearchParams({ ...(chosen && { state: chosen }), ...(text && { text }), ...(cursor && { cursor }) })}`

/** Reads as many as are shown, again. */
async function readPages() {
  const wanted = Math.max(items.length, 1)
  const found = []
  let cursor
  try {
    do {
      const page = await read(pathOf(cursor))
      found.push(...page.items)
      cursor = page.nextCursor
    } while (found.length < wanted && cursor !== undefined)
    items = found
    nextCursor = cursor
    showItems()
  } catch (error) {
    if (error.status === 503) storeIsAway()
    else list.replaceChildren(h('div.nothing', { role: 'alert' }, icon('warn'), h('p', {}, `${error.message}.`)))
  }
}

async function readMore() {
  const page = await read(pathOf(nextCursor))
  items.push(...page.items)
  nextCursor = page.nextCursor
  showItems()
}

function showItems() {
  if (items.length === 0) {
    const words =
      chosen || text ? 'No destination matches.' : 'A destination appears here with the first delivery to it.'
    list.replaceChildren(h('div.nothing', {}, icon('inbox'), h('p', {}, words)))
    return
  }
  const more = nextCursor !== undefined && button('More', { onclick: readMore }, 'slim')
  keepingOpen(list, [
    grid(),
    h(
      'nav.pages',
      { 'aria-label': 'Pages' },
      h('span.quiet.small', {}, `${items.length} shown, the newest first`),
      more,
    ),
  ])
}

function grid() {
  const heads = HEADS.map(label => h('th', { role: 'columnheader', scope: 'col' }, label))
  return h(
    'table.grid-list',
    { role: 'table', 'aria-label': 'Destinations' },
    h('thead', { role: 'rowgroup' }, h('tr', { role: 'row' }, heads)),
    h('tbody', { role: 'rowgroup' }, items.map(line)),
  )
}

function line(place) {
  const cell = (classes, label, ...children) => h(`td${classes}`, { role: 'cell', 'data-label': label }, children)
  const { waiting, oldestWaitingAt } = place
  const oldest = waiting > 0 && oldestWaitingAt && h('span.second', {}, `oldest ${span(now() - oldestWaitingAt)}`)
  return h(
    'tr',
    { role: 'row' },
    cell('', undefined, placeLink(place, 'strong')),
    cell('', undefined, pill(place.state), h('span.second', {}, why(place))),
    cell('', 'Waiting', number(waiting), waiting >= 1_000 && ' or more', oldest),
    cell('.act', undefined, placeActions(place, readPages)),
  )
}
