import { createDocsPages } from '../docs/create-docs-pages.ts'
import type { DocsPanel } from '../docs/docs-pages-options.ts'
import { parseQuery } from '../http/parse-query.ts'
import { parsePathTemplate } from '../http/path-template.ts'
import type { PlainResponse, RequestView } from '../http/request-view.ts'
import type { OpenApiDocument } from '../openapi/create-document.ts'
import { reachableOrigins } from '../openapi/reachable-origins.ts'
import type { DocsOptions, RingbackOptions } from './ringback-options.ts'
import type { MethodRoute } from './route-table.ts'

/** The routes of the document and of its page, and how this shows the panel that sends to a receiver, if it has one. */
export function documentRoutes(
  { title, docs = {} }: Pick<RingbackOptions, 'title' | 'docs'>,
  document: () => OpenApiDocument,
  panel: DocsPanel | undefined,
): MethodRoute[] {
  const { openapi = '/openapi.json', swagger = '/docs', swaggerOptions, oauth } = docs || HIDDEN
  if (openapi === false) return []
  const { receiverDocument: receiver = '/openapi.receiver.json' } = docs || HIDDEN
  const documents = [
    ...(receiver === false ? [] : [receiverRoute(receiver, document)]),
    page(openapi, async () => responseOf('application/json', JSON.stringify(document()))),
    page(openapi.replace(/\.json$/, '') + '.yaml', async () => {
      const { documentYaml } = await import('../openapi/document-yaml.ts')
      return responseOf('application/yaml', documentYaml(document()))
    }),
  ]
  if (swagger === false) return documents
  const pages = createDocsPages({
    title,
    path: swagger,
    openapiUrl: relative(swagger, openapi),
    reachableOrigins: () => reachableOrigins(document()),
    ...(swaggerOptions !== undefined && { swaggerOptions }),
    ...(oauth !== undefined && { oauth }),
    ...(panel !== undefined && { panel }),
  })
  return [...documents, ...pages.map(({ path, respond }) => page(path, respond))]
}

/** The document of the API that receivers must offer; made when it is asked for. */
const receiverRoute = (path: string, document: () => OpenApiDocument): MethodRoute =>
  page(path, async view => {
    const { receiverDocument } = await import('../openapi/receiver/receiver-document.ts')
    const as = parseQuery(view.queryText)['as'] === 'webhooks' ? 'webhooks' : 'paths'
    return responseOf('application/json', JSON.stringify(receiverDocument(document(), { as })))
  })

const HIDDEN: DocsOptions = { openapi: false }

function page(
  path: string,
  respond: (view: Pick<RequestView, 'header' | 'queryText'>) => Promise<PlainResponse>,
): MethodRoute {
  return { kind: 'page', method: 'GET', template: parsePathTemplate(path), respond }
}

const responseOf = (contentType: string, body: string): PlainResponse => ({
  status: 200,
  headers: { 'content-type': contentType, 'x-content-type-options': 'nosniff', 'access-control-allow-origin': '*' },
  body,
})

/** The document's address as seen from the page, so that both work under any prefix. */
function relative(from: string, to: string): string {
  return '../'.repeat(from.split('/').length - 2) + to.slice(1)
}
