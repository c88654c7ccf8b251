import { base, docs, follow, read, title, version } from './console-api.js'
import { h, icon } from './console-elements.js'
import { clockText, isUtc, now, refreshTimes, setUtc } from './console-words.js'

const SAID_MS = 6_000
const COUNTS_SAID_EVERY_MS = 30_000

const toast = h('div.toast', { role: 'status' })
const counts = h('div.hidden', { 'aria-live': 'polite' })
let fading

/** Says a sentence at the foot of the page. */
export function say(text) {
  toast.textContent = text
  clearTimeout(fading)
  fading = setTimeout(() => {
    toast.textContent = ''
  }, SAID_MS)
}

let countsSaidAt = 0

/** Tells screen readers how things stand, seldom. */
export function sayCounts(text) {
  if (Date.now() - countsSaidAt < COUNTS_SAID_EVERY_MS || counts.textContent === text) return
  countsSaidAt = Date.now()
  counts.textContent = text
}

let awaySince
export const isAway = () => awaySince !== undefined

/** A button; one that changes something says why it cannot while the store is away. */
export function button(label, { onclick, acts, ...attributes } = {}, ...classes) {
  return h(
    ['button.button', ...classes].join('.'),
    {
      type: 'button',
      'data-acts': acts === true,
      ...attributes,
      onclick: event => {
        if (acts && isAway()) say('The store is away: nothing can be changed now.')
        else onclick?.(event)
      },
    },
    label,
  )
}

export async function copy(text, what) {
  try {
    await navigator.clipboard.writeText(text)
    say(`${what} copied.`)
  } catch {
    say('The browser did not allow copying.')
  }
}

const content = h('div.wrap')
const note = h('div', { id: 'away' })

/** Shows a view in the page. */
export function show(...parts) {
  content.replaceChildren(note, ...parts.filter(Boolean))
}

/** Puts new content in place; what is open in it, and what has the focus, stays. */
export function keepingOpen(place, content) {
  const open = [...place.querySelectorAll('details[open][data-key]')].map(({ dataset }) => dataset.key)
  const label = place.contains(document.activeElement)
    ? (document.activeElement.getAttribute('aria-label') ?? document.activeElement.textContent)
    : undefined
  place.replaceChildren(...[content].flat(9).filter(Boolean))
  for (const details of place.querySelectorAll('details[data-key]'))
    if (open.includes(details.dataset.key)) details.open = true
  if (label === undefined) return
  const same = [...place.querySelectorAll('a, button, summary, [tabindex]')]
  same.find(one => (one.getAttribute('aria-label') ?? one.textContent) === label)?.focus({ preventScroll: true })
}

const LIVE_WORDS = { live: 'Live', paused: 'Paused', lost: 'Reconnecting' }

/** Builds what is around every view, and follows what happens: `onOverview` gets each new state of all deliveries. */
export function frame(name, onOverview) {
  let isOn = true
  const word = h('span', {}, LIVE_WORDS.lost)
  const live = h('button.button.plain.slim.live', {
    type: 'button',
    'aria-pressed': 'true',
    title: 'Live: what is shown follows what happens. It pauses by itself in a hidden tab.',
  })
  live.append(h('span.dot'), word)
  const link = (own, path, label) =>
    h(
      'a',
      { href: base + path, 'aria-current': name === own ? 'page' : name === 'delivery' && own === '' && 'true' },
      label,
    )
  document.body.append(
    h('a.skip', { href: '#content' }, 'Skip to the content'),
    h(
      'header.top',
      {},
      h(
        'div.wrap',
        {},
        h('a.brand', { href: base }, title, h('span', {}, version)),
        h(
          'nav.tabs',
          { 'aria-label': 'Console' },
          link('', '', 'Deliveries'),
          link('destinations', '/destinations', 'Destinations'),
        ),
        h('div.end', {}, live, docs && h('a', { href: docs }, 'API docs')),
      ),
    ),
    h('main', { id: 'content', tabindex: '-1' }, content),
    foot(),
    toast,
    counts,
  )
  const setOn = follow((kind, data) => {
    if (kind === 'state') {
      word.textContent = LIVE_WORDS[data]
      live.setAttribute('aria-pressed', String(data === 'live'))
    } else if (kind === 'store') storeIsAway(data.awaySince)
    else {
      storeIsBack()
      onOverview(data)
    }
  })
  live.addEventListener('click', () => {
    isOn = !isOn
    setOn(isOn)
  })
  setInterval(refreshTimes, 10_000)
}

function foot() {
  const where = h('span', {})
  read('/about').then(
    ({ location }) => location && where.replaceChildren('Store ', h('code', {}, location)),
    () => {},
  )
  const zone = h('button.button.plain.slim', { type: 'button', 'aria-pressed': String(isUtc()) }, 'Show UTC')
  zone.addEventListener('click', () => {
    setUtc(!isUtc())
    zone.setAttribute('aria-pressed', String(isUtc()))
  })
  return h('footer.foot', {}, h('div.wrap', {}, where, h('span', {}, 'Times as in this browser'), zone))
}

/** Says once that the store cannot be read, and takes the actions away. */
export function storeIsAway(since = now()) {
  if (isAway()) return
  awaySince = since
  note.replaceChildren(
    h(
      'div.note.tone-bad',
      { role: 'alert' },
      icon('box'),
      h(
        'div',
        {},
        h('p.strong', {}, `The store cannot be reached since ${clockText(since)}.`),
        h(
          'p',
          {},
          'Nothing is sent until it is back, and requests that send callbacks get a 503. Nothing that was acknowledged is lost. What you see is from then; this page tries again by itself.',
        ),
      ),
    ),
  )
  markActions()
}

function storeIsBack() {
  if (!isAway()) return
  awaySince = undefined
  note.replaceChildren()
  markActions()
}

function markActions() {
  document.body.classList.toggle('is-away', isAway())
  for (const one of document.querySelectorAll('[data-acts]')) {
    one.toggleAttribute('aria-disabled', isAway())
    if (isAway()) one.setAttribute('aria-disabled', 'true')
    if (isAway()) one.setAttribute('aria-describedby', 'away')
    else one.removeAttribute('aria-describedby')
  }
}

/** Asks something in a dialog; Escape and "Back" leave it. */
export function dialog(heading, children, label, act) {
  const form = h('form', { method: 'dialog' }, h('h2', { id: 'dialog-title' }, heading), children)
  const element = h('dialog', { 'aria-labelledby': 'dialog-title' }, form)
  form.append(
    h(
      'div.row',
      {},
      button('Back', { onclick: () => element.close() }),
      h('button.button.main', { type: 'submit' }, label),
    ),
  )
  form.addEventListener('submit', () => act(new FormData(form)))
  element.addEventListener('close', () => element.remove())
  document.body.append(element)
  element.showModal()
}
