import type { AnyResponse } from '../../http/request-view.ts'
import { ROUTE_STEPS } from '../run-operation.ts'
import { bindRequestCallbacks } from '../steps/bind-request-callbacks.ts'
import { bindRequestWebhooks } from '../steps/bind-request-webhooks.ts'
import { refuseErrors } from '../steps/refuse-errors.ts'
import { type Step, takeSteps } from '../take-steps.ts'
import type { SocketRun } from './socket-run.ts'

/** From a match to an open socket. What dependencies have sent is stored before the client hears that it is open. */
const HANDSHAKE_STEPS: readonly Step<SocketRun>[] = [
  ...ROUTE_STEPS,
  bindRequestCallbacks,
  bindRequestWebhooks,
  refuseErrors,
  ({ deliveries }) => deliveries?.commit(false),
]

/** Gives the response to a handshake that is refused; undefined where it is not. Throws whatever goes wrong. */
export function takeHandshakeSteps(run: SocketRun): Promise<AnyResponse | undefined> {
  return takeSteps(run, HANDSHAKE_STEPS)
}
