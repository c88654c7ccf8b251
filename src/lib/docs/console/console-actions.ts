import { isSettled } from '../../delivery/delivery-state.ts'
import { ReplayError } from '../../delivery/replay-error.ts'
import { HttpError } from '../../http/http-error.ts'
import { type DocsRequest, type DocsRoute, jsonReply } from '../docs-route.ts'
import { readJson, textOf } from '../read-json.ts'
import type { ConsoleSource } from './console-source.ts'
import { deliveryIdOf } from './delivery-id-of.ts'
import { filterOf, textsOf } from './delivery-query.ts'
import type { OverviewFeed } from './overview-feed.ts'
import { refuseUnreadable } from './refuse-unreadable.ts'

type Respond = NonNullable<DocsRoute['respond']>

/** What the console does, by the path below its interface. */
export function consoleActions(source: ConsoleSource, feed: OverviewFeed): (readonly [below: string, Respond])[] {
  const { deliveries } = source
  /** An action after which pages read what has changed. */
  const changing =
    (act: (request: DocsRequest) => Promise<unknown>): Respond =>
    async request => {
      const result = await act(request)
      feed.changed()
      return jsonReply(result)
    }
  return [
    ['/deliveries/{id}/replay', changing(request => replay(request, source))],
    [
      '/deliveries/{id}/cancel',
      changing(orSettled(deliveries.cancel, 'It was settled meanwhile: nothing is cancelled')),
    ],
    ['/deliveries/{id}/send-now', changing(orSettled(deliveries.sendNow, 'It is not scheduled any more'))],
    ['/replays', changing(request => replayAll(request, source))],
    ['/destinations/pause', changing(request => pausePlace(request, source))],
    ['/destinations/resume', changing(request => resumePlace(request, source))],
    [
      '/sending/pause',
      changing(async ({ view, who }) => {
        const reason = textOf(await readJson(view), 'reason') ?? ''
        await refuseUnreadable(() => deliveries.pause({ reason, by: nameOf(who) }))
        return {}
      }),
    ],
    [
      '/sending/resume',
      changing(async () => {
        await deliveries.resume()
        return {}
      }),
    ],
  ]
}

const orSettled =
  (act: (id: string) => Promise<boolean>, otherwise: string) =>
  async ({ params }: DocsRequest): Promise<object> => {
    const id = deliveryIdOf(params)
    if (!(await act(id))) throw new HttpError(409, otherwise)
    return { id }
  }

async function replay({ view, params }: DocsRequest, { deliveries }: ConsoleSource): Promise<object> {
  const { newId } = await readJson(view)
  try {
    return await deliveries.replay(deliveryIdOf(params), { newId: newId === true })
  } catch (error) {
    if (!(error instanceof ReplayError)) throw error
    throw new HttpError(error.reason === 'missing' ? 404 : 409, error.message, { cause: error })
  }
}

/** Begins to replay all that a page's filters match; workers go on with it. */
async function replayAll({ view }: DocsRequest, { deliveries, clock }: ConsoleSource): Promise<object> {
  const given = await readJson(view)
  const filter = filterOf(textsOf(textOf(given, 'query') ?? ''), clock.now())
  if (typeof filter.state !== 'string' || !isSettled(filter.state))
    throw new HttpError(400, 'Choose a state in which deliveries are settled: only those can be replayed')
  const { id } = await refuseUnreadable(() => deliveries.replayAll(filter, { newId: given['newId'] === true }))
  return { id }
}

async function pausePlace({ view, who }: DocsRequest, { destinations }: ConsoleSource): Promise<object> {
  const { reason, ...place } = await placeIn(view)
  const pause = { reason: reason ?? '', by: nameOf(who), ...place.of }
  return { changed: await refuseUnreadable(() => destinations.pause(place.url, pause)) }
}

async function resumePlace({ view }: DocsRequest, { destinations }: ConsoleSource): Promise<object> {
  const { url, of } = await placeIn(view)
  return { changed: await refuseUnreadable(() => destinations.resume(url, of)) }
}

async function placeIn(view: DocsRequest['view']) {
  const given = await readJson(view)
  const [url, recipient, reason] = [textOf(given, 'url') ?? '', textOf(given, 'recipient'), textOf(given, 'reason')]
  return { url, reason, of: recipient === undefined ? {} : { recipient } }
}

/** Who pauses, as far as `docs.authorize` tells. */
function nameOf(who: unknown): string {
  const given = typeof who === 'object' && who !== null && 'name' in who ? who.name : who
  return typeof given === 'string' && given.trim() !== '' ? given.slice(0, 200) : 'the console'
}
