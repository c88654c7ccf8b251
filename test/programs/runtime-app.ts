import { callback, Ringback } from 'ringback'
import { z } from 'zod'

/** The application that every runtime serves: documents, pages, cookies, validation, and callbacks. */
export const app = new Ringback({ title: 'Runtimes', version: '1.0.0' })

const paid = callback.post('{$callback_url}/paid', { body: z.object({ n: z.number() }) })
const query = z.object({ callback_url: z.url(), now: z.boolean().default(false) })
app.post(
  '/pay',
  { query, callbacks: { paid }, response: z.object({ code: z.string() }) },
  async function pay({ query, callbacks, setCookie }) {
    setCookie('paid', 'yes')
    try {
      if (query.now) await callbacks.paid.call({ n: 2 })
      else await callbacks.paid.send({ n: 1 })
      return { code: 'none' }
    } catch (error) {
      return { code: (error as { code: string }).code }
    }
  },
)

/** What `app.fetch` alone responds: each path with its status and the beginning of its body. */
export async function seenByFetch(): Promise<readonly string[]> {
  const paths = ['/openapi.json', '/openapi.yaml', '/docs', '/docs/init.js', '/docs/swagger-ui.css', '/nothing']
  const seen = []
  for (const path of paths) {
    const response = await app.fetch(new Request(`http://localhost${path}`))
    seen.push(`${path} ${response.status} ${(await response.text()).slice(0, 15).replace(/\n.*/s, '')}`)
  }
  const invalid = await app.fetch(new Request('http://localhost/pay?callback_url=7', { method: 'POST' }))
  return [...seen, `invalid ${invalid.status}`]
}
