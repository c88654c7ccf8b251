import { declaredResponse } from '../../delivery/attempt/declared-response.ts'
import { ReservedHeaderError } from '../../delivery/attempt/reserved-header-error.ts'
import { maskShownHeaders } from '../../delivery/mask.ts'
import { type BodyFault, bodyFaults } from '../../delivery/test-send/body-faults.ts'
import type { TestMessage, TestSender, TestSent } from '../../delivery/test-send/test-sender.ts'
import { HttpError } from '../../http/http-error.ts'
import type { CompiledMessage } from '../../operation/compiled/compiled-message.ts'
import type { DocsAccess } from '../access/docs-access.ts'
import { type DocsRoute, jsonReply } from '../docs-route.ts'
import { readJson } from '../read-json.ts'
import { shownBody } from '../shown-body.ts'
import { composedUrl, urlFields } from './composed-url.ts'
import { type DocumentedMessage, type DocumentedMessages, documentedMessage } from './documented-message.ts'
import { type PanelRequest, panelRequest } from './panel-request.ts'

/** What the panel sends with, and what it knows of the application. */
export interface PanelSource {
  /** The one in use now. */
  sender(): TestSender
  messages(): DocumentedMessages
}

/** The routes of the panel below the page of the documentation. */
export function panelRoutes(source: PanelSource, docs: string, access: DocsAccess): DocsRoute[] {
  const path = `${docs.replace(/\/$/, '')}/send`
  const messageAt = (place: unknown) => documentedMessage(source.messages(), place)
  return [
    {
      ...{ method: 'get', path, asked: 'show' },
      async respond({ view }) {
        const place = new URLSearchParams(view.queryText).get('place') ?? ''
        const { message, template } = messageAt(placeIn(place))
        const { secret, publicKey } = source.sender().keys
        const { contentType, mediaType } = message.format
        return jsonReply({
          token: access.token,
          ...{ secret, publicKey, fields: urlFields(template), method: message.method.toUpperCase() },
          contentType: message.body && (contentType ?? mediaType),
        })
      },
    },
    {
      ...{ method: 'post', path: `${path}/check`, asked: 'act' },
      async respond({ view }) {
        const request = panelRequest(await readJson(view))
        const { template, schema } = messageAt(request.place)
        const faults = schema && request.body !== undefined ? await bodyFaults(schema, request.body) : undefined
        return jsonReply({ ...composedUrl(template, request.values), faults })
      },
    },
    {
      ...{ method: 'post', path, asked: 'act' },
      async respond({ view }) {
        const request = panelRequest(await readJson(view))
        const documented = messageAt(request.place)
        const sent = await send(request, documented, source.sender())
        return jsonReply({ headers: sent.headers, tookMs: sent.tookMs, ...(await ending(sent, documented)) })
      },
    },
  ]
}

function placeIn(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** Sends what was typed. Throws an `HttpError` 422 for what no request can be made of. */
async function send(
  request: PanelRequest,
  { message, template }: DocumentedMessage,
  sender: TestSender,
): Promise<TestSent> {
  const made = composedUrl(template, request.values)
  if ('fault' in made) throw new HttpError(422, made.fault, { field: made.field })
  const { contentType, mediaType } = message.format
  const test: TestMessage = {
    ...{ method: message.method, url: withQuery(made.url, request.query), destination: made.base },
    ...{ headers: request.headers, body: request.body, manner: request.manner, webhookId: request.webhookId },
    contentType: request.body === undefined ? undefined : (contentType ?? mediaType),
  }
  try {
    return await sender.send(test)
  } catch (error) {
    if (error instanceof ReservedHeaderError) throw new HttpError(422, error.message, { cause: error })
    throw error
  }
}

function withQuery(url: string, query: Readonly<Record<string, string>>): string {
  const made = new URL(url)
  for (const [name, value] of Object.entries(query)) made.searchParams.append(name, value)
  return Object.keys(query).length === 0 ? url : made.href
}

/** What came back, and whether it is as declared. */
async function ending({ end }: TestSent, documented: DocumentedMessage): Promise<object> {
  if (end.outcome !== 'responded') return end
  const { status, headers, body, bodyTruncated } = end.response
  const response = { status, headers: maskShownHeaders(headers), body: shownBody(body), bodyTruncated }
  return { outcome: end.outcome, response, faults: await responseFaults(documented, end.response) }
}

async function responseFaults(
  { message: { declaredResponses, options }, template }: DocumentedMessage,
  {
    status,
    body,
    bodyTruncated,
  }: Pick<Extract<TestSent['end'], { outcome: 'responded' }>['response'], 'status' | 'body' | 'bodyTruncated'>,
): Promise<readonly BodyFault[] | undefined> {
  const byStatus = new Map(Object.entries(declaredResponses).map(([key, value]) => [key.toUpperCase(), value]))
  const declared = declaredResponse(status, key => byStatus.get(key.toUpperCase()))
  if (declared === undefined) {
    const meaning = template === undefined ? meaningForWebhook(status, options) : 'is not declared'
    return meaning === undefined ? [] : [{ pointer: '', detail: `has the status ${status}, which ${meaning}` }]
  }
  if (declared.schema === undefined) return []
  return bodyTruncated ? undefined : bodyFaults(declared.schema, body)
}

/** The document says for every webhook what any status means; undefined where that is fine. */
function meaningForWebhook(status: number, options: CompiledMessage['options']): string | undefined {
  if (status >= 200 && status < 300 && options.retryOnInvalidResponse !== true) return undefined
  return status === 410 ? 'disables this endpoint' : 'counts as failed'
}
