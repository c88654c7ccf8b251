import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { z } from 'zod'
import { DefinitionError } from '../../definition/definition-error.ts'
import { type AnyWebhook, type WebhookDefinition, type WebhookSet, webhook } from '../webhook-definition.ts'
import { sinceMs } from './check-replaces.ts'
import { endpointEvents } from './endpoint-events.ts'
import { NEVER, webhookForms } from './webhook-forms.ts'

const data = z.object({ id: z.string() })
const replacing = (older: WebhookDefinition<typeof data>, since: string, documented = true) =>
  webhook.post({ data, documented, replaces: { webhook: older, since, as: ({ id }) => ({ id }) } })
const formsOf = (set: WebhookSet) => webhookForms(new Map(Object.entries(set)))
const ms = (day: string) => Date.parse(`${day}T00:00:00Z`)

function chainOf({ documented = [true, true, true] as readonly boolean[] } = {}): WebhookSet {
  const first = webhook.post({ data, documented: documented[0]! })
  const second = replacing(first, '2026-02-01', documented[1])
  return { third: replacing(second, '2026-03-01T00:00:00+00:00', documented[2]), first, second }
}

describe('The forms of an event', () => {
  it('are a chain in which each is told of the others', () => {
    const forms = formsOf({ ...chainOf(), other: webhook.post({ data }) })
    const known = [...forms].map(([name, { replaces, newer, chain }]) => [name, replaces?.event, newer, chain])
    assert.deepEqual(known, [
      ['first', undefined, ['second', 'third'], ['second', 'third']],
      ['second', 'first', ['third'], ['first', 'third']],
      ['third', 'second', [], ['first', 'second']],
      ['other', undefined, [], []],
    ])
    assert.equal(forms.get('second')?.replaces?.since, '2026-02-01')
    assert.deepEqual(forms.get('second')?.replaces?.as({ id: '7' }), { id: '7' })
  })

  const windows: readonly (readonly [what: string, set: WebhookSet, starred: Record<string, readonly number[]>])[] = [
    [
      'divide the time in which endpoints were created',
      chainOf(),
      {
        first: [0, ms('2026-02-01')],
        second: [ms('2026-02-01'), ms('2026-03-01')],
        third: [ms('2026-03-01'), NEVER],
      },
    ],
    [
      'leave a hidden form to the one before it',
      chainOf({ documented: [true, true, false] }),
      { first: [0, ms('2026-02-01')], second: [ms('2026-02-01'), NEVER], third: [NEVER, NEVER] },
    ],
    [
      'leave what is hidden at the beginning to the one after it',
      chainOf({ documented: [false, true, true] }),
      { first: [NEVER, NEVER], second: [0, ms('2026-03-01')], third: [ms('2026-03-01'), NEVER] },
    ],
    ['are all of the time for one form', { one: webhook.post({ data }) }, { one: [0, NEVER] }],
    [
      'are none for what the framework tells',
      { 'endpoint.failing': endpointEvents['endpoint.failing'] },
      { 'endpoint.failing': [NEVER, NEVER] },
    ],
  ]
  for (const [what, set, starred] of windows)
    it(`${what}`, () => {
      const found = [...formsOf(set)].map(([name, { starFrom, starUntil }]) => [name, [starFrom, starUntil]])
      assert.deepEqual(Object.fromEntries(found), starred)
    })

  const older = webhook.post({ data })
  const ring = (): WebhookSet => {
    const options = { replaces: { webhook: undefined as unknown as AnyWebhook, since: '2026-01-01', as: () => ({}) } }
    const made = { kind: 'webhook', method: 'post', options } as const
    options.replaces.webhook = made
    return { made }
  }
  const refused: readonly (readonly [what: string, set: () => WebhookSet, message: RegExp])[] = [
    [
      'what they replace is missing',
      () => ({ newer: replacing(older, '2026-01-01') }),
      /"newer" replaces one that is not among the webhooks: put that into "webhooks"/,
    ],
    [
      'what they replace has two names',
      () => ({ a: older, b: older, newer: replacing(older, '2026-01-01') }),
      /"newer" replaces one that has two names, "a" and "b"/,
    ],
    [
      'two replace the same one',
      () => ({ older, left: replacing(older, '2026-01-01'), right: replacing(older, '2026-01-01') }),
      /"left" and "right" both replace "older"/,
    ],
    [
      'a newer one counts before an earlier one',
      () => {
        const second = replacing(older, '2026-03-01')
        return { older, second, third: replacing(second, '2026-02-28T23:59:59Z') }
      },
      /"third" replaces "second" since 2026-02-28T23:59:59Z, before "second" itself counts/,
    ],
    ['they form a ring', ring, /"made" replace one another in a ring/],
  ]
  for (const [what, set, message] of refused)
    it(`are refused where ${what}`, () => {
      assert.throws(
        () => formsOf(set()),
        error => error instanceof DefinitionError && message.test(error.message),
      )
    })
})

describe('An endpoint', () => {
  const random = seeded(20)
  const days = Array.from({ length: 12 }, (_, day) => `2026-01-${String(day + 1).padStart(2, '0')}`)
  const pick = (most: number) => Math.floor(random() * most)

  /** The forms that an endpoint gets, as stores find them. */
  function matches(forms: ReturnType<typeof formsOf>, events: readonly string[], createdAt: number): string[] {
    const names = (name: string) => events.includes(name)
    const found = [...forms].filter(
      ([name, { newer, chain, starFrom, starUntil }]) =>
        (names(name) && !newer.some(names)) ||
        (names('*') && createdAt >= starFrom && createdAt < starUntil && !chain.some(names)),
    )
    return found.map(([name]) => name)
  }

  it('gets one form of an event, whatever it names and whenever it was created', () => {
    for (let round = 0; round < 500; round++) {
      const dates = Array.from({ length: pick(4) }, () => days[pick(days.length)]!).sort()
      const documented = ['', ...dates].map(() => random() < 0.7)
      let last = webhook.post({ data, documented: documented[0]! })
      const all = [last, ...dates.map((since, index) => (last = replacing(last, since, documented[index + 1])))]
      const forms = formsOf(Object.fromEntries(all.map((form, index) => [`form${index}`, form])))
      const events = [...forms.keys(), '*'].filter(() => random() < 0.4)
      const createdAt = ms(days[pick(days.length)]!) - pick(2)
      const named = [...forms.keys()].filter(name => events.includes(name))
      const starred = events.includes('*') ? [...forms.keys()].filter((_, index) => documented[index]) : []
      const begun = starred.filter(name => name === 'form0' || ms(dates[Number(name.at(-1)) - 1]!) <= createdAt)
      const expected = named.at(-1) ?? begun.at(-1) ?? starred[0]
      assert.deepEqual(
        matches(forms, events, createdAt),
        expected === undefined ? [] : [expected],
        JSON.stringify({ dates, documented, events, createdAt }),
      )
    }
  })
})

/** A number from 0 up to 1, the same ones each time. */
function seeded(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
}

describe('"replaces" of a webhook', () => {
  const older = webhook.post({ data })
  const wrong: readonly (readonly [what: string, replaces: unknown, message: RegExp])[] = [
    ['text', 'invoice.paid', /"replaces" of webhook\.post\({…}\) is "invoice\.paid": give { webhook, since, as }/],
    ['no webhook', { webhook: 'invoice.paid', since: '2026-01-01', as() {} }, /"webhook" in "replaces".*not a webhook/],
    [
      'no function',
      { webhook: older, since: '2026-01-01', as: {} },
      /"as" in "replaces".*is an object: give a function/,
    ],
    ['no date', { webhook: older, as() {} }, /"since" in "replaces".*is undefined: give a date such as/],
    ['a Date', { webhook: older, since: new Date(0), as() {} }, /"since" in "replaces"/],
    ['an unknown key', { webhook: older, since: '2026-01-01', as() {}, until: '2027' }, /Unknown key "until"/],
  ]
  for (const [what, replaces, message] of wrong)
    it(`is refused with ${what}`, () => {
      assert.throws(
        () => webhook.post({ data, replaces } as never),
        error => error instanceof DefinitionError && message.test(error.message),
      )
    })

  it('cannot be changed afterwards', () => {
    const replaces = { webhook: older, since: '2026-01-01', as: () => ({ id: '' }) }
    const made = webhook.post({ data, replaces })
    replaces.since = 'never'
    assert.equal((made.options as typeof made.options & { replaces: typeof replaces }).replaces.since, '2026-01-01')
  })

  it('takes dates that exist, and times with their offset', () => {
    const times = [
      '2026-01-31',
      '2024-02-29',
      '2026-01-31T12:00:00Z',
      '2026-01-31T12:00+02:00',
      '2026-01-31T12:00:00.5Z',
    ]
    assert.deepEqual(
      times.map(time => new Date(sinceMs(time)).toISOString()),
      [
        '2026-01-31T00:00:00.000Z',
        '2024-02-29T00:00:00.000Z',
        '2026-01-31T12:00:00.000Z',
        '2026-01-31T10:00:00.000Z',
        '2026-01-31T12:00:00.500Z',
      ],
    )
    for (const time of [
      '2026-02-30',
      '2025-02-29',
      '2026-13-01',
      '2026-1-1',
      '2026-01-31T12:00:00',
      'January',
      '',
      '2026-01-31T25:00Z',
    ])
      assert.ok(Number.isNaN(sinceMs(time)), time)
  })
})
