import { html as markup, raw } from 'hono/html'
import { html, Ringback } from 'ringback'
import { serve } from 'ringback/node'
import { z } from 'zod'

export const app = new Ringback({ title: 'Harbour', version: '1.0.0' })

const Page = z.object({ title: z.string(), boats: z.array(z.string()) })

/** A template is a function. What stands in `${…}` is escaped. */
const layout = ({ title, boats }: z.output<typeof Page>) => markup`<!doctype html>
<title>${title}</title>
<h1>${title}</h1>
<ul>${boats.map(name => markup`<li>${name}</li>`)}</ul>
${raw('<footer>Visby</footer>')}`

app.get(
  '/boats',
  { query: z.object({ name: z.array(z.string()).default([]) }), response: html() },
  async function showBoats({ query, responseHeaders }) {
    responseHeaders.set('content-security-policy', "default-src 'self'")
    return String(await layout({ title: 'Boats', boats: query.name }))
  },
)

if (import.meta.main) await serve(app)
