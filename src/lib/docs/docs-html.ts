import type { DocsPagesOptions } from './docs-pages-options.ts'
import { escapeHtml } from './escape-html.ts'

/** The page itself. It holds no script and no style, so that the policy need not allow any inside of it. */
export function docsHtml({
  title,
  path,
  openapiUrl,
  swaggerOptions = {},
  oauth = {},
  panel,
}: Omit<DocsPagesOptions, 'reachableOrigins'>): string {
  const last = path.slice(path.lastIndexOf('/') + 1)
  const files = escapeHtml(last === '' ? './' : `./${encodeURIComponent(last)}/`)
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escapeHtml(title)}</title>
<link rel="icon" type="image/png" href="${files}favicon-32x32.png">
<link rel="stylesheet" href="${files}swagger-ui.css">
<link rel="stylesheet" href="${files}docs.css">
${panel === undefined ? '' : panelStyles(files)}<script defer src="${files}swagger-ui-bundle.js"></script>
<script defer src="${files}authorize-plugin.js"></script>
<script defer src="${files}callbacks-plugin.js"></script>
<script defer src="${files}resolver-plugin.js"></script>
<script defer src="${files}samples-plugin.js"></script>
${panel === undefined ? '' : panelScripts(files)}<script defer src="${files}init.js"></script>
</head>
<body>
<noscript>This page needs JavaScript. The document is at <a href="${escapeHtml(openapiUrl)}">${escapeHtml(openapiUrl)}</a>.</noscript>
<div id="swagger-ui" data-openapi-url="${escapeHtml(openapiUrl)}" data-files="${files}" data-options="${escapeHtml(JSON.stringify(swaggerOptions))}" data-oauth="${escapeHtml(JSON.stringify(oauth))}"${panel === undefined ? '' : ` data-panel="${panel}"`}></div>
</body>
</html>
`
}

const panelStyles = (files: string) => `<link rel="stylesheet" href="${files}tokens.css">
<link rel="stylesheet" href="${files}panel.css">
<link rel="stylesheet" href="${files}panel-result.css">
`

const panelScripts = (files: string) => `<script defer src="${files}panel-code.js"></script>
<script defer src="${files}panel-view.js"></script>
<script defer src="${files}panel-plugin.js"></script>
`
