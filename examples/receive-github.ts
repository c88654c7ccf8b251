import { verify } from '@octokit/webhooks-methods'
import { callback, receive, sqliteDedupe } from 'ringback/receiver'
import { z } from 'zod'

const push = callback.post('{$callback_url}', { body: z.object({ ref: z.string() }) })

export const fromGitHub = (secret: string, path: string) =>
  receive(
    push,
    {
      async verify(request, bytes) {
        const signature = request.headers.get('x-hub-signature-256') ?? ''
        if (!(await verify(secret, new TextDecoder().decode(bytes), signature))) throw new Error('Not signed by GitHub')
        // GitHub signs no time, so only the id tells that a message comes again.
        return { id: request.headers.get('x-github-delivery') ?? '', timestamp: Math.floor(Date.now() / 1000) }
      },
      dedupe: sqliteDedupe({ path }),
    },
    ({ body }) => console.log(body.ref),
  )
