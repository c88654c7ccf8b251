import { systemClock } from '../../clock.ts'
import { outgoingText } from '../../document/callbacks/outgoing.ts'
import { escapeControls } from '../../log/escape-controls.ts'
import { bodyLines } from '../body-lines.ts'
import { bodyText } from '../body-text.ts'
import { type DocumentOptions, openDocument } from '../check/open-document.ts'
import { CommandError } from '../command-error.ts'
import { judgeContent } from '../listen/judge-body.ts'
import { type MessageRoute, routesOf } from '../listen/message-route.ts'
import { currentTerminal, printJson, printLines, printNote } from '../terminal.ts'
import { chooseRoute } from './choose-route.ts'
import { type CreatedRequest, createRequest, type RequestChoices } from './create-request.ts'
import { type SentResponse, sendRequest } from './send-request.ts'

/** The options of `ringback trigger`; the timeout is in milliseconds. */
export interface TriggerOptions extends DocumentOptions, RequestChoices {
  readonly timeout: number
  readonly json?: boolean
}

/** A response, and whether it is what the request should get. */
interface Judgement {
  readonly isRight: boolean
  readonly words: string
}

/** `ringback trigger` */
export async function trigger(location: string, name: string, options: TriggerOptions): Promise<void> {
  const route = chooseRoute(routesOf(await openDocument(location, options)), name)
  const request = await createRequest(route, options, systemClock.now())
  for (const note of request.notes) printNote(note)
  if (!options.json) printLines(requestLines(route, request))
  const response = await sendRequest(request, options.timeout)
  const again = options.mistake === 'repeat' ? await sendRequest(request, options.timeout) : undefined
  const judgement = again === undefined ? judge(route, response, options) : judgeRepeat(response, again)
  if (options.json) printJson(triggerJson(route, request, response, judgement))
  else printLines(responseLines(again ?? response, judgement))
  if (!judgement.isRight) throw new CommandError(judgement.words)
}

function judge(route: MessageRoute, response: SentResponse, { mistake }: TriggerOptions): Judgement {
  const { status } = response
  if (mistake !== undefined) {
    const isRight = status >= 400 && status < 500
    return { isRight, words: isRight ? `refused, as it must be` : `The receiver does not refuse a wrong ${mistake}` }
  }
  const declared = route.declared(status)
  if (declared === undefined) return { isRight: false, words: `The status ${status} is not declared` }
  if (status < 200 || status > 299) return { isRight: false, words: `The receiver responds with ${status}` }
  const type = response.headers['content-type']
  const fault =
    response.body.length === 0 ? undefined : judgeContent(declared, type, response.body, one => route.check(one))
  if (response.isCut) return { isRight: false, words: 'The body of the response is larger than 64 KiB, or was cut' }
  if (fault !== undefined) return { isRight: false, words: `The response is not as declared: ${fault.detail}` }
  return { isRight: true, words: 'as declared' }
}

function judgeRepeat(first: SentResponse, second: SentResponse): Judgement {
  const isSame = first.status === second.status && Buffer.from(first.body).equals(second.body)
  if (isSame && second.status < 300)
    return { isRight: true, words: 'the same response as the first time, as it must be' }
  if (isSame) return { isRight: false, words: `The receiver responds with ${first.status} both times` }
  return {
    isRight: false,
    words: `The receiver responds with ${first.status} first, and differently, with ${second.status}, to the same message again`,
  }
}

function requestLines({ outgoing }: MessageRoute, { method, url, headers, body }: CreatedRequest): string[] {
  const terminal = currentTerminal()
  return [
    `${terminal.color('bold', escapeControls(`${method} ${url}`))}  ${escapeControls(outgoingText(outgoing))}`,
    ...Object.entries(headers).map(([header, value]) => `  ${escapeControls(`${header}: ${value}`)}`),
    ...bodyLines(body),
  ]
}

function responseLines({ status, headers, body, tookMs }: SentResponse, { isRight, words }: Judgement): string[] {
  const terminal = currentTerminal()
  const type = headers['content-type']
  return [
    `${terminal.color(isRight ? 'green' : 'red', String(status))} in ${tookMs.toFixed(0)} ms${isRight ? `, ${words}` : ''}`,
    ...(type === undefined ? [] : [`  ${escapeControls(`content-type: ${type}`)}`]),
    ...bodyLines(body),
  ]
}

function triggerJson(
  route: MessageRoute,
  request: CreatedRequest,
  response: SentResponse,
  judgement: Judgement,
): object {
  const { kind, name, operation } = route.outgoing
  const { method, url, headers, body } = request
  return {
    kind,
    name,
    operation: operation === '' ? undefined : operation,
    request: { method, url, headers, body: bodyText(body) },
    response: {
      status: response.status,
      headers: response.headers,
      body: bodyText(response.body),
      tookMs: Math.round(response.tookMs),
    },
    isRight: judgement.isRight,
    words: judgement.words,
  }
}
