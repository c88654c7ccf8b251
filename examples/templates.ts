import { fileURLToPath } from 'node:url'
import { html as template } from 'hono/html'
import { html, Ringback } from 'ringback'
import { serve } from 'ringback/node'

// A template engine is a function from values to text: what it gives is the response. This one comes with Hono and escapes
// what is put in; with Eta it would be `(title, id) => eta.render('item', { title, id })`.
const itemPage = async (title: string, id: string): Promise<string> =>
  String(
    await template`<!doctype html>
<html lang="en">
<head>
  <title>${title}</title>
  <link href="../static/styles.css" rel="stylesheet">
</head>
<body>
  <h1><a href="./${encodeURIComponent(id)}">Item ID: ${id}</a></h1>
</body>
</html>`,
  )

export const app = new Ringback({ title: 'Items', version: '1.0.0' })

app.get('/items/{id}', { response: html() }, function readItem({ params }) {
  return itemPage('Item Details', params.id)
})

app.static('/static', fileURLToPath(new URL('./templates/static/', import.meta.url)))

if (import.meta.main) await serve(app)
