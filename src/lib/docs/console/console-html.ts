import { escapeHtml } from '../escape-html.ts'

/** What the page of the console knows before it asks for anything. */
export interface ConsolePage {
  readonly title: string
  readonly version: string
  /** The console's own address as seen from the page, so that it works behind any prefix. */
  readonly base: string
  /** The address of the API's documentation as seen from the page; undefined where there is none. */
  readonly docs: string | undefined
  /** The same of the document. */
  readonly openapi: string | undefined
  readonly token: string
}

/** Later ones lie over earlier ones. */
const STYLES = [
  'tokens',
  'console-ground',
  'console-parts',
  'console-overview',
  'console-list',
  'console-delivery',
  'console-narrow',
]

/** One page for all views: its script reads the address. It holds no script and no style of its own. */
export function consoleHtml(page: ConsolePage): string {
  const files = escapeHtml(`${page.base}/files/`)
  const styles = STYLES.map(name => `<link rel="stylesheet" href="${files}${name}.css">`).join('\n')
  const data = Object.entries(page).map(([name, value]) =>
    value === undefined ? '' : ` data-${name}="${escapeHtml(value)}"`,
  )
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Deliveries · ${escapeHtml(page.title)}</title>
<link rel="icon" href="data:,">
${styles}
<script type="module" src="${files}console.js"></script>
</head>
<body${data.join('')}>
<noscript>The console needs JavaScript. The same is on the command line: npx ringback deliveries list</noscript>
</body>
</html>
`
}
