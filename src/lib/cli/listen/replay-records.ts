import { randomBytes } from 'node:crypto'
import { systemClock } from '../../clock.ts'
import { sign } from '../../signature/sign.ts'
import { CommandError } from '../command-error.ts'
import { counted } from '../counted.ts'
import { currentTerminal, printJsonLine, printLines } from '../terminal.ts'
import { forwardRequest } from './forward-request.ts'
import { handledJson, handledLine } from './handled-lines.ts'
import type { ListenOptions } from './listen-options.ts'
import { matchRoutes } from './match-routes.ts'
import type { MessageRoute } from './message-route.ts'
import type { Received } from './received.ts'
import { readRecords } from './record-file.ts'
import { testSecret } from './test-secret.ts'

/** Sends recorded requests to a running application, one after the other, each signed anew. */
export async function replayRecords(
  path: string,
  routes: readonly MessageRoute[],
  options: ListenOptions,
): Promise<void> {
  const { forward, secret, json } = options
  if (forward === undefined) throw new CommandError('--replay needs --forward <url>, where the application runs', 2)
  let failed = 0
  for (const record of await readRecords(path)) {
    const received = signedAnew(record, secret ?? [testSecret])
    const started = performance.now()
    const reply = await forwardRequest(forward, received)
    const [route] = matchRoutes(routes, received.method, received.target.split('?', 1)[0]!).routes
    const isAccepted = reply.status >= 200 && reply.status < 300
    if (!isAccepted) failed += 1
    const words = `sent again to ${forward.origin}`
    const handled = { received, judged: { reply, words, isAccepted, route }, tookMs: performance.now() - started }
    if (json) printJsonLine(handledJson(handled))
    else printLines([handledLine(handled, currentTerminal())])
  }
  if (failed > 0) throw new CommandError(`${counted(failed, 'request')} got no 2xx`)
}

/** The id stays, the time is new: an application refuses what is old. */
function signedAnew(record: Received, secrets: readonly string[]): Received {
  const at = systemClock.now()
  const timestamp = Math.floor(at / 1_000)
  const id = String(record.headers['webhook-id'] ?? `msg_${randomBytes(12).toString('hex')}`)
  const signature = sign({ id, timestamp, body: record.body, secrets })
  const signed = { 'webhook-id': id, 'webhook-timestamp': String(timestamp), 'webhook-signature': signature }
  return { ...record, at, headers: { ...record.headers, ...signed } }
}
