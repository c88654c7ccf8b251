import { readFile } from 'node:fs/promises'
import type { PlainResponse, RequestView } from '../http/request-view.ts'
import { lib } from '../location.ts'
import { docsHtml } from './docs-html.ts'
import type { DocsPagesOptions } from './docs-pages-options.ts'
import { type StaticFile, staticResponse } from './static-response.ts'

/** One file of the docs page. */
export interface DocsPage {
  readonly path: string
  respond(request: Pick<RequestView, 'header'>): Promise<PlainResponse>
}

/** The files of Swagger UI that the build puts there; the same folder from the sources and from the built package. */
const swaggerUi = '../../dist/swagger-ui/'
/** Our own, which run in the browser. */
const browser = 'docs/browser/'

const FILES: Readonly<Record<string, string>> = {
  'swagger-ui.css': swaggerUi,
  'swagger-ui-bundle.js': swaggerUi,
  'favicon-32x32.png': swaggerUi,
  'oauth2-redirect.html': swaggerUi,
  'oauth2-redirect.js': swaggerUi,
  'docs.css': browser,
  'authorize-plugin.js': browser,
  'callbacks-plugin.js': browser,
  'resolver-plugin.js': browser,
  'samples-plugin.js': browser,
  'init.js': browser,
}

/** The page that shows a document by Swagger UI, and all that it loads: nothing comes from another host. */
export function createDocsPages(options: DocsPagesOptions): readonly DocsPage[] {
  const folder = options.path.replace(/\/$/, '')
  const html = Buffer.from(docsHtml(options))
  const headers = () => ({ 'content-security-policy': policy(options.reachableOrigins()) })
  const page = { name: 'docs.html', read: async () => html, headers }
  const files = Object.entries(FILES).map(([name, base]) => ({
    name,
    read: () => readFile(new URL(base + name, lib())),
    ...(name.endsWith('.html') && { headers }),
  }))
  return [docsPage(options.path, page), ...files.map(file => docsPage(`${folder}/${file.name}`, file))]
}

/**
 * What the page may load: only what its own host serves, and the pictures that stand in the style sheet itself; and where
 * it may send what is tried out and ask for tokens, or lead.
 */
function policy(origins: readonly string[]): string {
  const connect = origins.length === 0 ? '' : ` connect-src ${["'self'", ...origins].join(' ')};`
  return `default-src 'self'; img-src 'self' data:;${connect} frame-ancestors 'none'; base-uri 'none'; form-action 'self'; object-src 'none'`
}

function docsPage(path: string, file: StaticFile): DocsPage {
  const respond = staticResponse(file)
  return { path, respond: request => respond(request.header('if-none-match')) }
}
