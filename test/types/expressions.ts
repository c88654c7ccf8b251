// Runtime expressions that do not fit what their operation declares.
import { callback, Ringback } from 'ringback'
import { z } from 'zod'

const app = new Ringback({ title: 'Wrong', version: '1.0.0' })
const query = z.object({ callback_url: z.url().optional(), url: z.url(), tags: z.array(z.string()) })
const headers = z.object({ 'x-callback': z.url() })
const body = z.object({
  id: z.string(),
  lines: z.array(z.string()),
  customer: z.object({ name: z.string() }),
})

app.post('/query', {
  query,
  callbacks: {
    // error: no query parameter \"callbak_url\"; declared: \"callback_url\", \"tags\", \"url\"
    note: callback.post('{$request.query.callbak_url}', {}),
  },
}, async () => {})

app.post('/path/{invoice_id}', {
  callbacks: {
    // error: no path parameter \"invoiceId\"; declared: \"invoice_id\"
    note: callback.post('https://www.external.org/{$request.path.invoiceId}', {}),
  },
}, async () => {})

app.post('/header', {
  headers,
  callbacks: {
    // error: no header \"X-Calback\"; declared: \"x-callback\"
    note: callback.post('{$request.header.X-Calback}', {}),
  },
}, async () => {})

app.post('/pointer', {
  query,
  body,
  callbacks: {
    // error: the body has no property \"idd\" at \"idd\"; declared: \"customer\", \"id\", \"lines\"
    note: callback.post('{$request.query.url}/{$request.body#/idd}', {}),
  },
}, async () => {})

app.post('/deep-pointer', {
  query,
  body,
  callbacks: {
    // error: the body has no property \"nam\" at \"customer/nam\"; declared: \"name\"
    note: callback.post('{$request.query.url}/{$request.body#/customer/nam}', {}),
  },
}, async () => {})

app.post('/dotted', {
  query,
  body,
  callbacks: {
    // error: the body has no property \"nmae\" at \"customer.nmae\"; declared: \"name\"
    note: callback.post('{$request.query.url}/{$request.body.customer.nmae}', {}),
  },
}, async () => {})

app.post('/through', {
  query,
  body,
  callbacks: {
    // error: \"id/name\" goes through a value that is not an object, at \"name\"
    note: callback.post('{$request.query.url}/{$request.body#/id/name}', {}),
  },
}, async () => {})

app.post('/index', {
  query,
  body,
  callbacks: {
    // error: \"first\" in \"lines/first\" is not an array index
    note: callback.post('{$request.query.url}/{$request.body#/lines/first}', {}),
  },
}, async () => {})

app.post('/no-body', {
  query,
  callbacks: {
    // error: the body has no property \"id\" at \"id\"; declared: none
    note: callback.post('{$request.query.url}/{$request.body#/id}', {}),
  },
}, async () => {})

app.post('/shorthand', {
  query,
  callbacks: {
    // error: no path, query or header parameter \"callbak_url\"; declared: \"callback_url\", \"tags\", \"url\"
    note: callback.post('{$callbak_url}', {}),
  },
}, async () => {})

app.post('/nothing-declared', {
  callbacks: {
    // error: no path, query or header parameter \"callback_url\"; declared: none
    note: callback.post('{$callback_url}', {}),
  },
}, async () => {})

app.post('/ambiguous/{callback_url}', {
  query,
  callbacks: {
    // error: \"$callback_url\" is declared more than once; write $request.query.callback_url or $request.path.callback_url
    note: callback.post('{$callback_url}', {}),
  },
}, async () => {})

app.post('/unbalanced', {
  query,
  callbacks: {
    // error: \"{\" is never closed in \"{$url\"
    open: callback.post('{$url', {}),
    // error: \"{\" is never closed in \"{$url/\"
    nested: callback.post('{$url/{$callback_url}', {}),
    // error: \"}\" has no \"{\" before it
    closed: callback.post('{$url}}', {}),
  },
}, async () => {})

app.post('/missing-dollar', {
  query,
  callbacks: {
    // error: \"{url}\" is not a runtime expression: it must begin with \"$\"
    name: callback.post('{url}/invoices', {}),
    // error: \"{request.query.url}\" is not a runtime expression: it must begin with \"$\"
    request: callback.post('{request.query.url}', {}),
  },
}, async () => {})

app.post('/no-such-source', {
  query,
  callbacks: {
    // error: \"$request.requestBody.callbackUrl\" is not a runtime expression: \"$request.\" must be followed by \"query.\", \"path.\", \"header.\" or \"body\"
    invented: callback.post('{$request.requestBody.callbackUrl}', {}),
    // error: \"$request.cookie.url\" is not a runtime expression: \"$request.\" must be followed by \"query.\", \"path.\", \"header.\" or \"body\"
    cookie: callback.post('{$request.cookie.url}', {}),
    // error: \"$requests.query.url\" is not a runtime expression: it must begin with \"$url\", \"$method\", \"$statusCode\", \"$request.\", \"$response.\", or be \"$\" and the name of one parameter
    begun: callback.post('{$requests.query.url}', {}),
  },
}, async () => {})

app.post('/bare', {
  query,
  callbacks: {
    // error: an expression that is not the whole text must be in braces
    note: callback.post('$request.query.url/{$callback_url}', {}),
  },
}, async () => {})

app.post('/not-scalar', {
  query,
  body,
  callbacks: {
    // error: \"lines\" is an array or an object; a URL needs text, a number or a boolean
    array: callback.post('{$url}/{$request.body#/lines}', {}),
    // error: \"customer\" is an array or an object; a URL needs text, a number or a boolean
    object: callback.post('{$url}/{$request.body.customer}', {}),
    // error: query parameter \"tags\" is an array or an object; a URL needs text, a number or a boolean
    list: callback.post('{$request.query.tags}', {}),
    // error: the body is an array or an object; a URL needs text, a number or a boolean
    whole: callback.post('{$url}/{$request.body}', {}),
  },
}, async () => {})

const optionalLater = z.object({ id: z.string(), later: z.string().optional() })
app.post('/late', {
  query,
  response: optionalLater,
  responseHeaders: z.object({ location: z.url() }),
  callbacks: {
    // error: \"$response.body#/later\" must be required in the response: it is read after the handler has returned
    optional: callback.post('{$url}/{$response.body#/later}', {}),
    // error: the response body has no property \"idd\" at \"idd\"; declared: \"id\", \"later\"
    undeclared: callback.post('{$url}/{$response.body#/idd}', {}),
    // error: no response header \"Locaton\"; declared: \"location\"
    header: callback.post('{$response.header.Locaton}', {}),
    // error: \"$response.query.url\" is not a runtime expression: \"$response.\" must be followed by \"header.\" or \"body\"
    query: callback.post('{$response.query.url}', {}),
  },
}, async () => ({ id: '1' }))

app.post('/late-without-response', {
  query,
  callbacks: {
    // error: the response body has no property \"id\" at \"id\"; declared: none
    body: callback.post('{$url}/{$response.body#/id}', {}),
    // error: no response header \"location\"; declared: none
    header: callback.post('{$url}/{$response.header.location}', {}),
  },
}, async () => {})

app.post('/two-mistakes', {
  query,
  body,
  callbacks: {
    // error: the body has no property \"idd\" at \"idd\"; declared: \"customer\", \"id\", \"lines\"
    note: callback.post('{$callbak_url}/{$request.body.idd}', {}),
  },
}, async () => {})
