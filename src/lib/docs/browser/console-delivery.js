import { askCancel, askReplay, sendNow } from './console-actions.js'
import { base, docs, read } from './console-api.js'
import { codeBlock, h, headerTable, icon, masked, plain } from './console-elements.js'
import { button, copy, frame, keepingOpen, show, storeIsAway } from './console-frame.js'
import { why } from './console-overview.js'
import { clock, counted, iconOf, number, pill, span, time, toneOf, took, wordOf } from './console-words.js'

const SHOWN_CHARACTERS = 16_384
const SETTLED = ['delivered', 'failed', 'blocked', 'cancelled']

/** One delivery: what happened to it, what happens next, and what can be done. */
export function deliveryPage(id) {
  const place = h('div.whole')
  let shown = ''
  let delivery
  const refresh = async () => {
    try {
      delivery = await read(`/deliveries/${encodeURIComponent(id)}`)
      const text = JSON.stringify(delivery)
      if (text !== shown) keepingOpen(place, view(delivery, refresh))
      shown = text
    } catch (error) {
      if (error.status === 503) storeIsAway()
      else place.replaceChildren(missing(error))
    }
  }
  let happened
  frame('delivery', state => {
    const next = JSON.stringify([state.happened, state.counts, state.paused])
    if (happened !== next && (delivery === undefined || !SETTLED.includes(delivery.state) || happened !== undefined))
      refresh()
    happened = next
  })
  show(place)
  refresh()
}

const missing = ({ message }) =>
  h(
    'div.nothing.card',
    { role: 'alert' },
    icon('search'),
    h('h1', {}, 'This delivery cannot be shown'),
    h('p', {}, `${message}.`),
    h('a.button', { href: base }, 'All deliveries'),
  )

function view(delivery, after) {
  document.title = `${delivery.callback}, ${wordOf(delivery.state)} · ${document.body.dataset.title}`
  return [crumbs(delivery), heading(delivery, after), verdict(delivery), columns(delivery)]
}

const crumbs = ({ id }) =>
  h(
    'nav.crumbs',
    { 'aria-label': 'Where you are' },
    h('a', { href: base }, 'Deliveries'),
    h('span', { 'aria-hidden': 'true' }, '›'),
    h('span.mono', {}, id),
  )

function heading({ id, callback, state, method, url, body }, after) {
  return h(
    'div.title',
    {},
    h(
      'div',
      {},
      h('h1', {}, callback, pill(state)),
      h('p.to.mono', {}, h('span.method', {}, method), ' ', masked(url)),
    ),
    h(
      'div.actions',
      {},
      button([icon('copy'), 'Copy id'], { onclick: () => copy(id, 'Id') }),
      state === 'scheduled' && button('Send now', { acts: true, onclick: () => sendNow(id, after) }),
      !SETTLED.includes(state) && button('Cancel', { acts: true, onclick: () => askCancel(id, after) }),
      SETTLED.includes(state) && replayButton(id, body, after),
    ),
  )
}

/** Disabled with its reason, so that it can be found. */
function replayButton(id, body, after) {
  if (body !== undefined) return button('Replay', { acts: true, onclick: () => askReplay(id, after) }, 'main')
  const reason = 'Its bytes are past their retention, or it has none: what is kept decides when you try'
  return button('Replay', { acts: true, title: reason, onclick: () => askReplay(id, after) }, 'main')
}

const VERDICT_TONES = { failed: 'bad', blocked: 'stop', delivered: 'ok', cancelled: 'quiet' }

function verdict(delivery) {
  const { state, attempts } = delivery
  const tone = VERDICT_TONES[state] ?? (attempts.length > 0 ? 'warn' : 'info')
  const [first, ...rest] = state in VERDICT_TONES ? settledWords(delivery) : waitingWords(delivery)
  return h(
    `div.card.verdict.tone-${tone}`,
    {},
    h('p', {}, first),
    rest.map(words => h('p', {}, words)),
  )
}

const REASONS = { expired: 'it expired first', 'worker-died': 'ten workers in a row ended while they sent it' }

function settledWords({ state, attempts, createdAt, settledAt, responseValid, reason, url }) {
  const lasted = span(settledAt - createdAt)
  const tried = counted(attempts.length, 'attempt')
  if (state === 'delivered')
    return [
      `Delivered after ${tried}, in ${lasted}.`,
      responseValid === false
        ? 'The response is not as declared. That alone is no reason to send it again.'
        : responseValid === true && 'The response is as declared.',
    ].filter(Boolean)
  if (state === 'cancelled') return ['Cancelled.', 'Nothing more happens by itself.']
  if (state === 'blocked')
    return ['Blocked: the guard refuses this address for good.', attempts.at(-1)?.error].filter(Boolean)
  const why = REASONS[reason] ?? 'its schedule has no wait left, or its last status ends it'
  const link = `${base}?state=failed&destination=${encodeURIComponent(originOf(url))}&since=${createdAt}`
  return [
    `Failed after ${tried} in ${lasted}: ${why}.`,
    [
      'Nothing more happens by itself. Replay it when the receiver is well again, or ',
      h('a', { href: link }, 'all that failed for this host since then'),
      '.',
    ],
  ]
}

const originOf = url => URL.parse(url)?.origin ?? url

function waitingWords({ state, attempts, nextAttemptAt, place }) {
  if (state === 'attempting') return [`Attempt ${attempts.length} is on its way.`]
  const due = nextAttemptAt === undefined ? 'the next follows' : ['the next is ', time(nextAttemptAt)]
  const first =
    attempts.length === 0
      ? nextAttemptAt === undefined
        ? ['It waits for its first attempt.']
        : ['Its first attempt is due ', time(nextAttemptAt), '.']
      : [`${counted(attempts.length, 'attempt')} failed; `, due, '.']
  return place === undefined || place.state === 'healthy'
    ? [first]
    : [
        first,
        [
          `The destination is ${wordOf(place.state)}, and ${counted(place.waiting, 'delivery waits', 'deliveries wait')} for it: `,
          why(place),
          '.',
        ],
      ]
}

function columns(delivery) {
  return h(
    'div.two',
    {},
    h(
      'section.card',
      { 'aria-labelledby': 'attempts' },
      h(
        'header',
        {},
        h('h2', { id: 'attempts' }, 'Attempts'),
        delivery.declared && h('span.small.quiet', {}, `time limit ${span(delivery.declared.timeoutMs)}`),
      ),
      timeline(delivery),
    ),
    h('div.stack', {}, request(delivery), facts(delivery)),
  )
}

function timeline(delivery) {
  const { state, attempts, nextAttemptAt } = delivery
  const limitMs = delivery.declared?.timeoutMs ?? 15_000
  const ahead =
    state === 'scheduled' &&
    h(
      'li.ahead',
      {},
      h('span.mark', {}, icon('scheduled')),
      h(
        'div.line',
        {},
        h('h3', {}, `Attempt ${(attempts.at(-1)?.number ?? 0) + 1}`),
        nextAttemptAt !== undefined && h('span.quiet', {}, 'due ', time(nextAttemptAt)),
        nextAttemptAt !== undefined && h('span.took', {}, clock(nextAttemptAt)),
      ),
    )
  const made = attempts.map((attempt, index) => attemptItem(attempt, attempts[index - 1], limitMs))
  if (made.length > 0) made.at(-1).querySelector('details')?.setAttribute('open', '')
  return h('ol.timeline', { reversed: true }, ahead, made.reverse(), recorded(delivery))
}

const recorded = ({ operation, owner, createdAt }) =>
  h(
    'li.tone-quiet',
    {},
    h('span.mark', {}, icon('inbox')),
    h(
      'div.line',
      {},
      h('h3', {}, 'Recorded'),
      owner === undefined
        ? h('span.quiet', {}, 'by ', h('a', { href: `${base}?operation=${encodeURIComponent(operation)}` }, operation))
        : h('span.quiet', {}, `for ${owner}`),
      h('span.took', {}, clock(createdAt), ' · ', time(createdAt)),
    ),
  )

function attemptItem(attempt, before, limitMs) {
  const { number: n, outcome, status, startedAt, finishedAt, address, error } = attempt
  if (outcome === undefined)
    return h(
      'li.tone-info',
      {},
      h('span.mark', {}, icon('attempting')),
      h(
        'div.line',
        {},
        h('h3', {}, `Attempt ${n}`),
        h('span.state', {}, 'on its way'),
        h('span.took', {}, clock(startedAt)),
      ),
    )
  const ms = finishedAt - startedAt
  const wait =
    before?.finishedAt === undefined ? '' : ` It was made after a wait of ${span(startedAt - before.finishedAt)}.`
  const from = address === undefined ? '' : `The response came from ${address}.`
  return h(
    `li.tone-${toneOf(outcome)}`,
    {},
    h('span.mark', {}, iconOf(outcome)),
    h(
      'div.line',
      {},
      h('h3', {}, `Attempt ${n}`),
      h('span.state', {}, wordOf(outcome)),
      status !== undefined && h('span.status', {}, status),
      h('span.took', {}, clock(startedAt), ' · ', time(startedAt), ' · ', h('strong', {}, took(ms))),
    ),
    h(
      'div.gauge',
      { 'aria-hidden': 'true' },
      h(
        'svg',
        { viewBox: '0 0 100 4', preserveAspectRatio: 'none' },
        h('rect', { width: Math.min(Math.max((ms / limitMs) * 100, 0.8), 100), height: 4, rx: 1 }),
      ),
    ),
    h('p.small.quiet', {}, `${error === undefined ? from : `${error}.`}${wait}`),
    status !== undefined && answer(attempt),
  )
}

function answer({ number: n, responseHeaders, responseBody, responseTruncated }) {
  const headers = Object.entries(responseHeaders)
  const bytes = responseBody?.bytes ?? 0
  const cut = responseTruncated ? ', cut' : ''
  return h(
    'details.answer',
    { 'data-key': `attempt-${n}` },
    h('summary', {}, `Response: ${counted(headers.length, 'header')}, ${counted(bytes, 'byte')}${cut}`),
    h(
      'div',
      {},
      headerTable(headers, `Headers of the response to attempt ${n}`),
      bytes > 0 && bodyBlock(responseBody, `Body of the response to attempt ${n}`),
    ),
  )
}

/** A body as text. JSON is indented where that loses nothing. */
function bodyBlock({ text, hex, bytes }, label) {
  if (text === undefined)
    return [h('p.small.quiet', {}, `${number(bytes)} bytes that are no text, in hexadecimal:`), codeBlock(hex, label)]
  const shown = indented(text)
  if (shown.length <= SHOWN_CHARACTERS) return codeBlock(shown, label)
  const block = codeBlock(`${shown.slice(0, SHOWN_CHARACTERS)}…`, label)
  const all = button(
    'Show all',
    {
      onclick: () => {
        block.textContent = plain(shown)
        all.remove()
      },
    },
    'slim',
  )
  return [block, all]
}

function indented(text) {
  try {
    const value = JSON.parse(text)
    const tight = text.replaceAll(/("(?:\\.|[^"\\])*")|\s+/g, (_, string) => string ?? '')
    return JSON.stringify(value) === tight ? JSON.stringify(value, undefined, 2) : text
  } catch {
    return text
  }
}

function request({ headers, webhookId, body, method }) {
  const list = [['webhook-id', webhookId], ...Object.entries(headers)]
  return h(
    'section.card',
    { 'aria-labelledby': 'request' },
    h(
      'header',
      {},
      h('h2', { id: 'request' }, 'Request'),
      body?.text !== undefined &&
        button([icon('copy'), 'Copy body'], { onclick: () => copy(body.text, 'Body') }, 'slim'),
    ),
    h(
      'div.inner',
      {},
      headerTable(list, 'Headers of the request'),
      body === undefined
        ? h('p.small.quiet', {}, `No body is kept: ${method} had none, or it is past its retention.`)
        : bodyBlock(body, 'Body of the request'),
      body &&
        h(
          'p.small.quiet',
          {},
          `Every attempt sends the same ${counted(body.bytes, 'byte')}. Credentials, and queries of URLs, are masked here.`,
        ),
    ),
  )
}

const link = (name, value) => h('a', { href: `${base}?${name}=${encodeURIComponent(value)}` }, value)

const callbackFacts = ({ recipient, operation, callback, declared }) => [
  ['Recipient', recipient === undefined ? h('span.quiet', {}, 'none named') : link('recipient', recipient)],
  ['Operation', link('operation', operation)],
  ['Callback', link('callback', callback)],
  [
    'Declared',
    declared === undefined ? h('span.quiet', {}, 'no longer in the code') : `response ${declared.statuses.join(', ')}`,
  ],
]

const webhookFacts = ({ callback, owner, endpoint, message }) => [
  ['Event', link('callback', callback)],
  ['Owner', owner],
  ['Endpoint', link('recipient', endpoint)],
  ['Message', h('span.mono', {}, message ?? '')],
]

function facts(delivery) {
  const { id, url, createdAt, settledAt } = delivery
  const list = [
    ['Id', h('span.mono', {}, id)],
    ['Host', link('destination', originOf(url))],
    ...(delivery.endpoint === undefined ? callbackFacts(delivery) : webhookFacts(delivery)),
    ['Recorded', time(createdAt)],
    ['Settled', settledAt === undefined ? h('span.quiet', {}, 'not yet') : time(settledAt)],
  ]
  return h(
    'section.card',
    { 'aria-labelledby': 'facts' },
    h('header', {}, h('h2', { id: 'facts' }, 'Facts'), docs && h('a.small', { href: docs }, 'API docs')),
    h(
      'dl.facts',
      {},
      list.map(([name, value]) => [h('dt', {}, name), h('dd', {}, value)]),
    ),
  )
}
