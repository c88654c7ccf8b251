import type { PlainResponse, RequestView } from '../http/request-view.ts'
import { type DocsFile, readDocsFile } from './docs-file.ts'
import { docsHtml } from './docs-html.ts'
import type { DocsPagesOptions } from './docs-pages-options.ts'
import { pagePolicy } from './page-policy.ts'
import { type StaticFile, staticResponse } from './static-response.ts'

/** One file of the docs page. */
export interface DocsPage {
  readonly path: string
  respond(request: Pick<RequestView, 'header'>): Promise<PlainResponse>
}

/** What the page loads, as modules that the build makes: they can be read where there are no files, too. */
const FILES: Readonly<Record<string, () => DocsFile>> = {
  'swagger-ui.css': () => import('#docs-page/swagger-ui.css.js'),
  'swagger-ui-bundle.js': () => import('#docs-page/swagger-ui-bundle.js.js'),
  'favicon-32x32.png': () => import('#docs-page/favicon-32x32.png.js'),
  'oauth2-redirect.html': () => import('#docs-page/oauth2-redirect.html.js'),
  'oauth2-redirect.js': () => import('#docs-page/oauth2-redirect.js.js'),
  'docs.css': () => import('#docs-page/docs.css.js'),
  'authorize-plugin.js': () => import('#docs-page/authorize-plugin.js.js'),
  'callbacks-plugin.js': () => import('#docs-page/callbacks-plugin.js.js'),
  'resolver-plugin.js': () => import('#docs-page/resolver-plugin.js.js'),
  'samples-plugin.js': () => import('#docs-page/samples-plugin.js.js'),
  'tokens.css': () => import('#docs-page/tokens.css.js'),
  'panel.css': () => import('#docs-page/panel.css.js'),
  'panel-result.css': () => import('#docs-page/panel-result.css.js'),
  'panel-code.js': () => import('#docs-page/panel-code.js.js'),
  'panel-view.js': () => import('#docs-page/panel-view.js.js'),
  'panel-plugin.js': () => import('#docs-page/panel-plugin.js.js'),
  'init.js': () => import('#docs-page/init.js.js'),
}

/** The page that shows a document by Swagger UI, and all that it loads: nothing comes from another host. */
export function createDocsPages(options: DocsPagesOptions): readonly DocsPage[] {
  const folder = options.path.replace(/\/$/, '')
  const html = Buffer.from(docsHtml(options))
  const headers = () => ({ 'content-security-policy': pagePolicy(options.reachableOrigins()) })
  const page = { name: 'docs.html', read: async () => html, headers }
  const files = Object.entries(FILES).map(([name, load]) => ({
    name,
    read: () => readDocsFile(load),
    ...(name.endsWith('.html') && { headers }),
  }))
  return [docsPage(options.path, page), ...files.map(file => docsPage(`${folder}/${file.name}`, file))]
}

function docsPage(path: string, file: StaticFile): DocsPage {
  const respond = staticResponse(file)
  return { path, respond: request => respond(request.header('if-none-match')) }
}
