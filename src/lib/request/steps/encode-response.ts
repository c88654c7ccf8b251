import { isResponse } from '../../http/is-response.ts'
import { REDIRECTS } from '../../http/redirects.ts'
import { RespondedResponse } from '../../operation/responded-response.ts'
import { ResponseInvalidError } from '../../operation/response-invalid-error.ts'
import { withPreparedHeaders } from '../merge-headers.ts'
import type { EncodedResponse, OperationRun } from '../operation-run.ts'
import { ResponseDraft } from '../response/response-draft.ts'
import { headersOfResponse } from '../response-headers.ts'

/**
 * Validates what the handler returned, removes what is not declared, and serialises it. Gives a promise only where a
 * schema's validation does.
 */
export function encodeReturned(run: OperationRun, returned: unknown): undefined | Promise<void> {
  const encoded = encode(run, returned)
  if (encoded instanceof Promise)
    return encoded.then(settled => {
      run.encoded = settled
    })
  run.encoded = encoded
  return undefined
}

function encode(run: OperationRun, returned: unknown): EncodedResponse | Promise<EncodedResponse> {
  const { operation, context } = run
  const prepared = context['~prepared']
  const { operationId, responses } = operation
  if (isResponse(returned)) {
    const response = prepared === undefined ? returned : withPreparedHeaders(returned, prepared)
    return { response, body: undefined }
  }
  if (!(returned instanceof RespondedResponse))
    return new ResponseDraft(run, responses[0]!, headersOfResponse(prepared)).encode(returned)
  const declared = responses.find(({ status }) => status === returned.status)
  if (declared === undefined) throw new ResponseInvalidError(operationId, undeclaredText(returned.status))
  return new ResponseDraft(run, declared, headersOfResponse(prepared, returned.options)).encode(returned.body)
}

const undeclaredText = (status: number): string => {
  const text = `status ${status} is not declared in "responses"`
  return REDIRECTS.has(status) ? `${text}: write "status: ${status}", or "responses: { ${status}: {} }"` : text
}
