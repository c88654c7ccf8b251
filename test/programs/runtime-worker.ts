import { app, seenByFetch } from './runtime-app.ts'

/** The same as a module of workerd, which `/start` starts. */
export default {
  async fetch(request: Request): Promise<Response> {
    const { pathname } = new URL(request.url)
    if (pathname === '/seen') return Response.json(await seenByFetch())
    if (pathname !== '/start') return app.fetch(request)
    await app.start()
    return new Response('started')
  },
}
