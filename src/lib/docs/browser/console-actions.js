import { act, base, read } from './console-api.js'
import { h } from './console-elements.js'
import { button, dialog, say } from './console-frame.js'
import { counted } from './console-words.js'

/** Does something, says what became of it, and brings the view up to date. */
async function attempt(path, body, { done, after }) {
  try {
    const result = await act(path, body)
    say(typeof done === 'function' ? done(result) : done)
    after?.(result)
  } catch (error) {
    say(`${error.message}.`)
    after?.()
  }
}

const at = id => `/deliveries/${encodeURIComponent(id)}`

export const sendNow = (id, after) => attempt(`${at(id)}/send-now`, {}, { done: 'The next attempt is due now.', after })

export const askCancel = (id, after) =>
  dialog(
    'Cancel this delivery?',
    h(
      'p.quiet',
      {},
      'It is not sent again. A request that is on its way is not called back. It can be replayed later, while its bytes are kept.',
    ),
    'Cancel the delivery',
    () => attempt(`${at(id)}/cancel`, {}, { done: 'Cancelled.', after }),
  )

const WAYS = [
  [
    'same',
    'Under its own id',
    'The same bytes and the same webhook-id: a receiver that already had it can tell, and ignores it.',
  ],
  [
    'new',
    'As a message of its own',
    'The same bytes under a new webhook-id: a receiver that already had it handles it again.',
  ],
]

const ways = () =>
  h(
    'fieldset',
    {},
    h('legend.hidden', {}, 'How'),
    h(
      'div.choices',
      {},
      WAYS.map(([value, label, more], index) =>
        h(
          'label.choice',
          {},
          h('input', { type: 'radio', name: 'how', value, checked: index === 0 }),
          h('span.strong', {}, label),
          h('span', {}, more),
        ),
      ),
    ),
  )

export const askReplay = (id, after) =>
  dialog('Replay this delivery?', ways(), 'Replay', data => {
    const newId = data.get('how') === 'new'
    const goOn = result => (result !== undefined && newId ? location.assign(`${base}/${result.id}`) : after?.())
    attempt(`${at(id)}/replay`, { newId }, { done: 'Replayed. It is scheduled now.', after: goOn })
  })

/** Replays all that the filters in `query` match, also those on other pages. */
export const askReplayAll = (query, { words, count }, after) =>
  dialog(
    count === undefined ? 'Replay all that match?' : `Replay ${counted(count, 'delivery', 'deliveries')}?`,
    [
      h(
        'p.quiet',
        {},
        `All that are ${words}, also those on other pages. They are due at once with a fresh schedule; each destination still gets no more than its slots. Those that have lost their bytes are left out.`,
      ),
      ways(),
    ],
    count === undefined ? 'Replay all' : `Replay ${count}`,
    data =>
      attempt(
        '/replays',
        { query: query.toString(), newId: data.get('how') === 'new' },
        { done: 'The replay has begun.', after: result => result && followReplay(result.id, after) },
      ),
  )

async function followReplay(id, after) {
  for (;;) {
    const { finishedAt, replayed, withoutBytes } = await read(`/replays/${id}`)
    const lost = withoutBytes > 0 ? ` ${withoutBytes} had lost their bytes.` : ''
    const so = counted(replayed, 'delivery', 'deliveries')
    say(finishedAt === undefined || finishedAt === null ? `${so} replayed so far …` : `${so} replayed.${lost}`)
    after?.()
    if (finishedAt) return
    await new Promise(resolve => setTimeout(resolve, 1_000))
  }
}

const hostOf = url => URL.parse(url)?.host ?? url
const placeOf = ({ url, recipient }) => ({ url, recipient })
const whose = ({ recipient }) => (recipient === undefined ? '' : `, for ${recipient}`)

function askReason(heading, words, act) {
  dialog(
    heading,
    [
      h('p.quiet', {}, words),
      h(
        'label.field',
        {},
        h('span', {}, 'Why (shown to whoever looks here)'),
        h('input', {
          name: 'why',
          required: true,
          maxlength: '1024',
          autocomplete: 'off',
          placeholder: 'their maintenance, until Monday',
        }),
      ),
    ],
    'Pause',
    data => act(data.get('why')),
  )
}

const askPause = (place, after) =>
  askReason(
    `Pause ${hostOf(place.url)}?`,
    'Nothing goes out to it until somebody resumes it. New deliveries are kept, and none of their attempts is used up.',
    reason => attempt('/destinations/pause', { ...placeOf(place), reason }, { done: 'Paused.', after }),
  )

export const askPauseAll = after =>
  askReason(
    'Pause all sending?',
    'No process that uses this store begins an attempt until somebody resumes it. New deliveries are kept.',
    reason => attempt('/sending/pause', { reason }, { done: 'All sending is paused.', after }),
  )

export const resumeAll = after => attempt('/sending/resume', {}, { done: 'Sending goes on.', after })

/** What can be done about a destination. */
export function placeActions(place, after) {
  const { url, state } = place
  const about = `${url}${whose(place)}`
  const resume = done => () => attempt('/destinations/resume', placeOf(place), { done, after })
  const pausing =
    state === 'paused'
      ? button('Resume', { acts: true, 'aria-label': `Resume ${about}`, onclick: resume('Resumed.') }, 'slim')
      : button('Pause', { acts: true, 'aria-label': `Pause ${about}`, onclick: () => askPause(place, after) }, 'slim')
  const isTried = state === 'open' || state === 'slowed'
  const trying = { acts: true, 'aria-label': `Try now: ${about}`, onclick: resume('Attempts go out now.') }
  return [pausing, isTried && button('Try now', trying, 'slim')]
}
