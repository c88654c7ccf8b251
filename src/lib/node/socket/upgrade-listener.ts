import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import type { Application } from '../../app/application.ts'
import { isResponse } from '../../http/is-response.ts'
import type { AnyResponse, PlainResponse } from '../../http/request-view.ts'
import type { Log } from '../../log/log.ts'
import { abandonSocket } from '../../request/socket/abandon-socket.ts'
import { Handshake } from '../../request/socket/handshake.ts'
import { NodeRequestView } from '../node-request-view.ts'
import { readTarget, type TargetRules } from '../read-target.ts'
import type { Listener } from '../request-listener.ts'
import { writeResponse } from '../write-response.ts'
import { isHandshake } from './is-handshake.ts'
import { responseOn } from './response-on.ts'
import { SocketUpgrades } from './socket-upgrades.ts'

/** What Node calls with a request that asks for another protocol. */
export type UpgradeListener = (incoming: IncomingMessage, socket: Duplex, head: Buffer) => void

/**
 * Responds to handshakes of WebSockets: with the problem of one that is refused, or by the upgrade. `request` responds to what
 * asks for another protocol, which Node before 24.9 gives here, too.
 */
export function upgradeListener(
  internals: Application,
  request: Listener,
  textOf?: TargetRules['textOf'],
): UpgradeListener {
  const { trustsHost, readForwarded } = internals.gate
  const rules = { trustsHost, readForwarded, ...(textOf && { textOf }) }
  const upgrades = new SocketUpgrades(internals.sockets.limits)
  return (incoming, socket, head) => {
    // Without a listener, the reset of a client would end the process.
    socket.on('error', () => {})
    if (!isHandshake(incoming)) return request(incoming, responseOn(incoming, socket))
    const handshake = new Handshake()
    socket.once('close', () => handshake.ended())
    void respond(internals, { incoming, handshake, rules }).then(async response => {
      const run = handshake.accepted
      if (run === undefined || isResponse(response)) {
        void writeResponse(response, responseOn(incoming, socket), internals.log)
      } else {
        const connection = upgrades.upgrade(incoming, socket, head, response.headers)
        if (connection === undefined) await abandonSocket(run)
        else internals.sockets.begin(run, connection, handshake)
      }
      handshake.responded()
    })
  }
}

/** Sends a response in place of the upgrade. */
export function refuseUpgrade(
  response: PlainResponse,
  incoming: IncomingMessage,
  socket: Duplex,
  log: Log,
): void | Promise<void> {
  return writeResponse(response, responseOn(incoming, socket), log)
}

/** Like `requestListeners`: through middleware only where it stands on the path. */
async function respond(
  internals: Application,
  { incoming, handshake, rules }: { incoming: IncomingMessage; handshake: Handshake; rules: TargetRules },
): Promise<AnyResponse> {
  const { handshakes, isDirect, bodyLimitOf, gate } = internals
  const target = readTarget(incoming, rules)
  if ('status' in target) return target
  const view = new NodeRequestView(incoming, handshake, target)
  const moved = gate.redirected(view.url)
  if (moved !== undefined) return moved
  if (isDirect(view.method, view.path)) return handshakes.handle(view, handshake)
  view.bodyLimitBytes = bodyLimitOf(view)
  return handshakes.fetchJudged(view.requestOfMiddleware, view.env, handshake)
}
