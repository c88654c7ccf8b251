import type { AnyResponse } from '../http/request-view.ts'
import type { OperationRun } from './operation-run.ts'
import type { RequestRun } from './request-run.ts'
import { bindRequestCallbacks } from './steps/bind-request-callbacks.ts'
import { bindRequestWebhooks } from './steps/bind-request-webhooks.ts'
import { chooseContent } from './steps/choose-content.ts'
import { cleanUp } from './steps/clean-up.ts'
import { decodeOwnParameters } from './steps/decode-parameters.ts'
import { encodeReturned } from './steps/encode-response.ts'
import { handle } from './steps/handle.ts'
import { readRequestBody } from './steps/read-request-body.ts'
import { refuseErrors } from './steps/refuse-errors.ts'
import { resolveDependencies, resolveLastDependencies } from './steps/resolve-dependencies.ts'
import { respondEncoded } from './steps/respond-encoded.ts'
import { storeDeliveries } from './steps/store-deliveries.ts'
import { validateBody } from './steps/validate-body.ts'
import { type Step, takeSteps } from './take-steps.ts'

/** From a match to the handler's argument, whatever the route does with it. */
export const ROUTE_STEPS: readonly Step<RequestRun>[] = [resolveDependencies, decodeOwnParameters]

/** From a match to the response. What the request sent is stored in one commit before that. */
const OPERATION_STEPS: readonly Step<OperationRun>[] = [
  ...ROUTE_STEPS,
  chooseContent,
  readRequestBody,
  validateBody,
  bindRequestCallbacks,
  bindRequestWebhooks,
  refuseErrors,
  resolveLastDependencies,
  handle,
  encodeReturned,
  storeDeliveries,
  cleanUp,
  respondEncoded,
]

/** Runs one request to an operation. Throws whatever goes wrong; then nothing was stored. */
export function runOperation(run: OperationRun): Promise<AnyResponse> {
  return takeSteps(run, OPERATION_STEPS) as Promise<AnyResponse>
}
