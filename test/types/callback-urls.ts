// URLs of callbacks that make no URL, and sets of callbacks that do not fit where they are attached.
import { callback, operation, Ringback } from 'ringback'
import { z } from 'zod'

const app = new Ringback({ title: 'Wrong', version: '1.0.0' })
const query = z.object({ host: z.string(), url: z.url() })

app.post('/host', {
  query,
  callbacks: {
    // error: an expression may not be part of the scheme, host or port of a URL
    host: callback.post('https://{$host}/events', {}),
    // error: an expression may not be part of the scheme, host or port of a URL
    subdomain: callback.post('https://www.{$host}', {}),
    // error: an expression may not be part of the scheme, host or port of a URL
    port: callback.post('{$url}:8080', {}),
    // error: an expression may not be part of the scheme, host or port of a URL
    scheme: callback.post('{$host}://www.external.org', {}),
  },
}, async () => {})

app.post('/literal', {
  query,
  callbacks: {
    // error: \"/events\" is not an absolute http or https URL and contains no runtime expression
    relative: callback.post('/events', {}),
    // error: \"callback_url\" is not an absolute http or https URL and contains no runtime expression
    word: callback.post('callback_url', {}),
    // error: \"ftp://www.external.org\" is not an absolute http or https URL and contains no runtime expression
    ftp: callback.post('ftp://www.external.org', {}),
    // error: \"\" is not an absolute http or https URL and contains no runtime expression
    empty: callback.post('', {}),
    // error: \"events/\" is not an absolute http or https URL: a URL template must begin with one or with an expression
    before: callback.post('events/{$url}', {}),
    // error: a request URL has no fragment: write \"#\" as \"%23\"
    fragment: callback.post('{$url}#paid', {}),
    // error: a URL cannot contain spaces, control characters or backslashes
    space: callback.post('{$url}/paid invoices', {}),
  },
}, async () => {})

const apart = { note: callback.post('{$callback_url}', {}) }
app.post('/fits', { query: z.object({ callback_url: z.url() }), callbacks: apart }, async () => {})
app.post('/does-not-fit', {
  query,
  // error: no path, query or header parameter \"callback_url\"; declared: \"host\", \"url\"
  callbacks: apart,
}, async () => {})

operation('/operation', {
  query,
  callbacks: {
    // error: no path, query or header parameter \"callback_url\"; declared: \"host\", \"url\"
    note: callback.post('{$callback_url}', {}),
  },
})

app.post('/not-a-callback', {
  query,
  callbacks: {
    // error: Type 'string' is not assignable to type 'AnyCallback'.
    note: '{$url}',
    // error: 'url' does not exist in type 'AnyCallback'.
    object: { url: '{$url}', body: z.string() },
  },
}, async () => {})

callback.post('{$url}', {
  body: z.object({ reply_to: z.url() }),
  callbacks: {
    // error: the body has no property \"replyTo\" at \"replyTo\"; declared: \"reply_to\"
    back: callback.post('{$request.body.replyTo}', {}),
  },
})

callback.post('{$url}', {
  callbacks: {
    // error: no query parameter \"url\"; declared: none
    back: callback.post('{$request.query.url}', {}),
  },
})

// error: Expected 2 arguments, but got 1.
callback.post('{$url}')

// error: Property 'trace' does not exist on type '{ readonly post:
callback.trace('{$url}', {})

app.post('/nested', {
  query,
  callbacks: {
    event: callback.post('{$url}', {
      body: z.object({ reply_to: z.url() }),
      callbacks: { back: callback.post('{$request.body.reply_to}', {}) },
    }),
  },
}, async ({ callbacks }) => {
  // error: Property 'back' does not exist on type 'BoundCallback
  await callbacks.event.back.send()
})
