// A program that takes large forms, and says when asked how much its memory has grown since the last time.
import { form, Ringback } from 'ringback'
import { serve } from 'ringback/node'
import { z } from 'zod'

const quiet = () => {}
const log = { debug: quiet, info: quiet, warn: console.warn, error: console.error }
export const app = new Ringback({ title: 'Uploads', version: '1.0.0', log })
const body = form(z.object({ file: z.file() }))
const definition = { body, bodyLimitBytes: 1e9, response: z.object({ size: z.number(), read: z.number() }) }
app.post('/end', definition, async ({ body }) => ({
  size: body.file.size,
  read: (await body.file.slice(-1_000).bytes()).length,
}))
app.post('/all', definition, async ({ body }) => {
  let read = 0
  for await (const chunk of body.file.stream()) read += chunk.length
  return { size: body.file.size, read }
})

if (import.meta.main) {
  let before = 0
  let most = 0
  const sample = () => {
    most = Math.max(most, process.memoryUsage.rss())
  }
  setInterval(sample, 10).unref()
  process.on('message', () => {
    sample()
    process.send?.(most - before)
    before = process.memoryUsage.rss()
    most = before
  })

  const server = await serve(app, { port: 0, host: '127.0.0.1' })
  process.send?.({ url: server.url })
}
