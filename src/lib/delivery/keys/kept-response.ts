import { decryptAtRest, encryptAtRest } from '../../signature/at-rest.ts'
import { atRestKey } from '../../signature/master-secret.ts'
import type { AttemptResponse } from '../stored-delivery.ts'

/** The prefix of sealed headers. Headers that are not sealed are a JSON object, which begins with a brace. */
const sealedText = 'sealed '

/** A response as a store keeps it when bodies are sealed: neither its headers nor its body can be read there. */
export function sealResponse(response: AttemptResponse, masterSecrets: readonly string[]): AttemptResponse {
  const keys = masterSecrets.map(atRestKey)
  const headers = sealedText + Buffer.from(encryptAtRest(keys, Buffer.from(response.headers))).toString('base64')
  return { ...response, headers, body: response.body.length === 0 ? response.body : encryptAtRest(keys, response.body) }
}

/** A kept response as it came; throws `AtRestError`. A body that is no longer kept is empty. */
export function openResponse(response: AttemptResponse, masterSecrets: readonly string[]): AttemptResponse {
  if (!response.headers.startsWith(sealedText)) return response
  const keys = masterSecrets.map(atRestKey)
  const sealed = Buffer.from(response.headers.slice(sealedText.length), 'base64')
  const headers = Buffer.from(decryptAtRest(keys, sealed)).toString()
  return { ...response, headers, body: response.body.length === 0 ? response.body : decryptAtRest(keys, response.body) }
}
