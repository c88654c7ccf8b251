import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { Validator } from '@seriousme/openapi-schema-validator'
import { z } from 'zod'
import { DefinitionError } from '../definition/definition-error.ts'
import { parsePathTemplate } from '../http/path-template.ts'
import { callback } from '../operation/callback-definition.ts'
import { type CompiledOperation, compileOperation } from '../operation/compiled/compiled-operation.ts'
import type { AnyDefinition } from '../operation/definition.ts'
import { dependency } from '../operation/dependency-definition.ts'
import type { Dependency } from '../operation/dependency-set.ts'
import { operation as define } from '../operation/operation.ts'
import type { Method } from '../operation/responses.ts'
import type { SecurityRequirement } from '../operation/security-scheme.ts'
import { createDocument, type OpenApiDocument } from './create-document.ts'
import type { OperationObject, PathItemObject } from './objects/operation-object.ts'
import type { ParameterObject } from './objects/parameter-object.ts'
import { receivingNote } from './receiving.ts'

const info = { title: 'Invoices', version: '1.0.0' }

function compile(
  method: Method,
  { path, definition }: { path: string; definition: object },
  operationId = `${method}${path.replaceAll(/[^a-z]+/g, '_')}`,
): CompiledOperation {
  return compileOperation({
    method,
    template: parsePathTemplate(path),
    operationId,
    definition: definition as AnyDefinition,
    inherited: {
      tags: [],
      deprecated: false,
      documented: true,
      responses: {},
      callbacks: [],
      dependencies: [],
      webhooks: [],
    },
    handler: () => undefined,
  })
}

/** A security scheme as `ringback/security` will make them: a dependency that says what it is. */
function scheme(requirement: SecurityRequirement): Dependency<undefined> {
  const made = dependency({ headers: z.object({ authorization: z.string() }) }, () => undefined)
  return { ...made, options: { ...made.options, security: [requirement] } }
}

const bearer = scheme({ name: 'bearer', scheme: { type: 'http', scheme: 'bearer' }, scopes: [] })

const Invoice = z
  .object({ id: z.string(), title: z.string().nullish(), customer: z.string(), total: z.number() })
  .meta({ id: 'Invoice' })
const InvoiceEvent = z.object({ description: z.string(), paid: z.boolean() }).meta({ id: 'InvoiceEvent' })
const InvoiceEventReceived = z.object({ ok: z.boolean() }).meta({ id: 'InvoiceEventReceived' })
const CallbackUrl = z.object({ callback_url: z.url().optional() })
const invoiceCallbacks = {
  invoiceNotification: callback.post('{$callback_url}/invoices/{$request.body.id}', {
    body: InvoiceEvent,
    response: InvoiceEventReceived,
  }),
}
const createInvoice = compile(
  'post',
  define('/invoices/', {
    summary: 'Create an invoice',
    query: CallbackUrl,
    body: Invoice,
    response: z.object({ msg: z.string() }),
    callbacks: invoiceCallbacks,
    examples: {
      small: {
        summary: 'A small one',
        description: 'Of *one* line',
        value: { id: '2expen51ve', customer: 'Mr. Rich', total: 1 },
      },
    },
  }),
  'createInvoice',
)
const callbackKey = '{$request.query.callback_url}/invoices/{$request.body#/id}'

function member(item: PathItemObject | undefined, method: Method): OperationObject {
  const found = item?.[method]
  assert.ok(found, `no ${method}`)
  return found
}

const parametersOf = (operation: OperationObject) => (operation.parameters ?? []) as ParameterObject[]

const namesOf = (schemas: object | undefined) => Object.keys(schemas ?? {})

function resolve(document: OpenApiDocument, reference: string): unknown {
  const tokens = decodeURIComponent(reference.slice(2)).split('/')
  return tokens.reduce<unknown>(
    (value, token) => (value as Record<string, unknown> | undefined)?.[token.replaceAll('~1', '/')],
    document,
  )
}

function referencesIn(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([name, inner]) =>
    name === '$ref' && typeof inner === 'string' ? [inner] : referencesIn(inner),
  )
}

const validator = new Validator()

/** The document has passed every check that holds for all of them. */
async function checked(operations: readonly CompiledOperation[], options = info): Promise<OpenApiDocument> {
  const document = createDocument(operations, options)
  const { valid, errors } = await validator.validate({ ...structuredClone(document) })
  assert.ok(valid, JSON.stringify(errors, undefined, 2))
  for (const reference of referencesIn(document)) assert.ok(resolve(document, reference), `${reference} leads nowhere`)
  assert.deepEqual(createDocument(operations, options), document)
  assert.deepEqual(JSON.parse(JSON.stringify(document)), document)
  return document
}

test('createDocument describes the invoice operation with its callback', async () => {
  const document = await checked([createInvoice])
  const operation = member(document.paths?.['/invoices/'], 'post')
  assert.deepEqual(operation, {
    summary: 'Create an invoice',
    operationId: 'createInvoice',
    parameters: [{ name: 'callback_url', in: 'query', schema: { type: 'string', format: 'uri' } }],
    requestBody: {
      required: true,
      content: {
        'application/json': {
          schema: { $ref: '#/components/schemas/Invoice' },
          examples: {
            small: {
              summary: 'A small one',
              description: 'Of *one* line',
              value: { id: '2expen51ve', customer: 'Mr. Rich', total: 1 },
            },
          },
        },
      },
    },
    responses: {
      200: {
        description: 'OK',
        content: {
          'application/json': {
            schema: { type: 'object', properties: { msg: { type: 'string' } }, required: ['msg'] },
          },
        },
      },
      409: { $ref: '#/components/responses/CallbackConflict' },
      422: { $ref: '#/components/responses/ValidationProblem' },
      502: { $ref: '#/components/responses/CallbackFailed' },
      503: { $ref: '#/components/responses/CallbackNotStored' },
      default: { $ref: '#/components/responses/Problem' },
    },
    callbacks: {
      invoiceNotification: {
        [callbackKey]: {
          post: {
            summary: 'Invoice notification',
            description: receivingNote(createInvoice.callbacks[0]!, {}, undefined),
            operationId: 'createInvoiceInvoiceNotification',
            parameters: [
              { $ref: '#/components/parameters/webhook-id' },
              { $ref: '#/components/parameters/webhook-timestamp' },
              { $ref: '#/components/parameters/webhook-signature' },
            ],
            requestBody: {
              required: true,
              content: { 'application/json': { schema: { $ref: '#/components/schemas/InvoiceEvent' } } },
            },
            responses: {
              200: {
                description: 'OK',
                content: { 'application/json': { schema: { $ref: '#/components/schemas/InvoiceEventReceived' } } },
              },
              410: { description: 'Ends the delivery: the request is not sent again' },
            },
          },
        },
      },
    },
  })
  assert.deepEqual(namesOf(document.components?.schemas), [
    'Invoice',
    'InvoiceEvent',
    'InvoiceEventReceived',
    'ProblemDetails',
    'ValidationProblem',
  ])
})

/** Off is what would refuse the path that was asked for. */
const lintConfiguration = {
  extends: ['recommended'],
  rules: { 'no-path-trailing-slash': 'off' },
}

test('createDocument gives what redocly lint accepts without a warning', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'ringback-lint-'))
  try {
    const options = { ...info, license: { name: 'MIT', identifier: 'MIT' } }
    await writeFile(join(folder, 'openapi.json'), JSON.stringify(createDocument([createInvoice, readFile], options)))
    await writeFile(join(folder, 'redocly.yaml'), JSON.stringify(lintConfiguration))
    const cli = fileURLToPath(import.meta.resolve('@redocly/cli/bin/cli.js'))
    const env = { ...process.env, REDOCLY_TELEMETRY: 'off', REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true' }
    const lint = spawnSync(process.execPath, [cli, 'lint', '--format=json', 'openapi.json'], {
      cwd: folder,
      env,
      encoding: 'utf8',
    })
    assert.deepEqual(JSON.parse(lint.stdout).problems, [], lint.stderr)
    assert.equal(lint.status, 0)
  } finally {
    await rm(folder, { recursive: true })
  }
})

const Paging = z.object({ limit: z.number().int().max(100).default(20).describe('How many') })
const paging = dependency({ query: Paging, headers: z.object({ 'x-tenant': z.string(), accept: z.string() }) }, () => 1)
const nested = dependency({ dependencies: { paging }, cookies: z.object({ session: z.array(z.string()) }) }, () => 2)
const readFile = compile(
  'get',
  define('/invoices/{invoice_id}/files/{path*}', {
    params: z.object({ path: z.string() }),
    query: z.object({
      filter: z.object({ paid: z.boolean().optional() }).optional(),
      limit: z.number().default(5),
      tags: z.array(z.string()).optional(),
      old: z.string().optional().meta({ deprecated: true }),
    }),
    dependencies: { nested, bearer },
    responseHeaders: z.object({ 'x-total': z.number().describe('Of all pages'), 'content-type': z.string() }),
    responses: { 404: { body: z.object({ gone: z.boolean() }) } },
    openapi: { 'x-internal': true, responses: { 204: { 'x-cache': 'no' } } },
    tags: ['files'],
  }),
  'readFile',
)

test('createDocument writes the parameters of an operation and of all its dependencies', async () => {
  const document = await checked([readFile])
  assert.deepEqual(Object.keys(document.paths ?? {}), ['/invoices/{invoice_id}/files/{path}'])
  const operation = member(document.paths?.['/invoices/{invoice_id}/files/{path}'], 'get')
  assert.deepEqual(operation.parameters, [
    { name: 'invoice_id', in: 'path', required: true, schema: { type: 'string' } },
    { name: 'path', in: 'path', required: true, schema: { type: 'string' } },
    {
      name: 'filter',
      in: 'query',
      style: 'deepObject',
      explode: true,
      schema: { type: 'object', properties: { paid: { type: 'boolean' } } },
    },
    { name: 'limit', in: 'query', schema: { type: 'number', default: 5 } },
    { name: 'tags', in: 'query', schema: { type: 'array', items: { type: 'string' } } },
    { name: 'old', in: 'query', deprecated: true, schema: { type: 'string' } },
    {
      name: 'session',
      in: 'cookie',
      required: true,
      style: 'form',
      explode: false,
      schema: { type: 'array', items: { type: 'string' } },
    },
    { name: 'x-tenant', in: 'header', required: true, schema: { type: 'string' } },
  ])
})

test('createDocument writes headers, further responses, security and what "openapi" lays over', async () => {
  const document = await checked([readFile])
  const operation = member(document.paths?.['/invoices/{invoice_id}/files/{path}'], 'get')
  assert.deepEqual(operation.security, [{ bearer: [] }])
  assert.deepEqual(document.components?.securitySchemes, { bearer: { type: 'http', scheme: 'bearer' } })
  assert.equal(operation['x-internal'], true)
  assert.deepEqual(Object.keys(operation.responses ?? {}), ['204', '401', '404', '422', 'default'])
  assert.deepEqual(operation.responses?.['204'], {
    description: 'No Content',
    'x-cache': 'no',
    headers: { 'x-total': { required: true, description: 'Of all pages', schema: { type: 'number' } } },
  })
})

test('createDocument leaves the info as it is given and fills in the server', () => {
  const document = createDocument([], { ...info, tags: [{ name: 'a', description: 'A' }] })
  assert.deepEqual(document, {
    openapi: '3.1.1',
    info,
    servers: [{ url: '/' }],
    tags: [{ name: 'a', description: 'A' }],
    security: [],
    paths: {},
  })
})

test('createDocument keeps the paths in their order of registration', () => {
  const operations = ['/z', '/a', '/m'].map(path => compile('get', define(path, {})))
  assert.deepEqual(Object.keys(createDocument(operations, info).paths ?? {}), ['/z', '/a', '/m'])
})

test('createDocument leaves out what is not documented, its callbacks too', async () => {
  const hidden = compile(
    'post',
    define('/hidden', { documented: false, query: CallbackUrl, body: Invoice, callbacks: invoiceCallbacks }),
  )
  const document = await checked([hidden, compile('get', define('/seen', {}))])
  assert.deepEqual(Object.keys(document.paths ?? {}), ['/seen'])
  assert.deepEqual(namesOf(document.components?.schemas), ['ProblemDetails'])
  assert.equal(document.components?.parameters, undefined)
})

test('createDocument refuses a schema that takes the name of a problem', () => {
  const own = z.object({ a: z.string() }).meta({ id: 'ProblemDetails' })
  assert.throws(() => createDocument([compile('put', define('/one', { body: own }))], info), DefinitionError)
})

test('createDocument finds problem schemas that are used only in a callback', async () => {
  const ProblemSeen = z.object({ title: z.string() }).meta({ id: 'ProblemSeen' })
  const failed = callback.post('{$callback_url}', {
    body: ProblemSeen,
    responses: { 400: { body: z.object({ why: ProblemSeen }) } },
  })
  const document = await checked([compile('post', define('/jobs', { query: CallbackUrl, callbacks: { failed } }))])
  assert.ok(document.components?.schemas?.ProblemSeen)
})

test('createDocument finds security schemes that only a callback uses', async () => {
  const paid = callback.post('{$callback_url}', { dependencies: { bearer } })
  const document = await checked([compile('post', define('/jobs', { query: CallbackUrl, callbacks: { paid } }))])
  const operation = member(document.paths?.['/jobs'], 'post')
  const request = member(operation.callbacks?.paid?.['{$request.query.callback_url}'], 'post')
  assert.deepEqual(request.security, [{ bearer: [] }])
  assert.equal(operation.security, undefined)
  assert.deepEqual(document.components?.securitySchemes, { bearer: { type: 'http', scheme: 'bearer' } })
  assert.deepEqual(request.responses, {
    410: { description: 'Ends the delivery: the request is not sent again' },
    '2XX': { description: 'Any 2xx status acknowledges the request' },
  })
})

test('createDocument refuses one name for two security schemes', () => {
  const key = scheme({ name: 'bearer', scheme: { type: 'apiKey', in: 'header', name: 'x-key' }, scopes: [] })
  const operation = compile('get', define('/keys', { dependencies: { key, bearer } }))
  assert.throws(() => createDocument([operation], info), { name: 'DefinitionError', message: /GET \/keys/ })
})

test('createDocument keeps callbacks apart that share a URL or a name', async () => {
  const started = callback.post('{$callback_url}', { body: InvoiceEvent })
  const ended = callback.delete('{$callback_url}', {})
  const other = callback.put('{$callback_url}/other', { body: InvoiceEvent })
  const document = await checked([
    compile('post', define('/one', { query: CallbackUrl, callbacks: { started, ended } }), 'one'),
    compile('post', define('/two', { query: CallbackUrl, callbacks: { started: other } }), 'two'),
  ])
  const one = member(document.paths?.['/one'], 'post').callbacks ?? {}
  assert.deepEqual(Object.keys(one), ['started', 'ended'])
  assert.ok(one.started?.['{$request.query.callback_url}']?.post)
  assert.ok(one.ended?.['{$request.query.callback_url}']?.delete)
  assert.ok(member(document.paths?.['/two'], 'post').callbacks?.started?.['{$request.query.callback_url}/other']?.put)
})

test('createDocument gives a callback of several operations an operationId for each', async () => {
  const operation = (path: string, id: string) =>
    compile('post', define(path, { query: CallbackUrl, body: Invoice, callbacks: invoiceCallbacks }), id)
  const document = await checked([operation('/a', 'makeA'), operation('/b', 'makeB')])
  const ids = ['/a', '/b'].map(
    path =>
      member(member(document.paths?.[path], 'post').callbacks?.invoiceNotification?.[callbackKey], 'post').operationId,
  )
  assert.deepEqual(ids, ['makeAInvoiceNotification', 'makeBInvoiceNotification'])
})

test('createDocument refuses an operationId that an operation and a callback share', () => {
  const paid = callback.post('{$callback_url}', { operationId: 'same' })
  const operation = compile('post', define('/jobs', { query: CallbackUrl, callbacks: { paid } }), 'same')
  assert.throws(() => createDocument([operation], info), {
    name: 'DefinitionError',
    message:
      'The operationId "same" is used for two operations, POST /jobs and the callback "paid" of POST /jobs: give one of them another "operationId"',
  })
})

test('createDocument keeps the last slash of a callback URL', async () => {
  const paid = callback.post('{$callback_url}/', {})
  const document = await checked([compile('post', define('/jobs', { query: CallbackUrl, callbacks: { paid } }))])
  assert.ok(member(document.paths?.['/jobs'], 'post').callbacks?.paid?.['{$request.query.callback_url}/']?.post)
})

test('createDocument shows what a callback sends by the output side and what it gets by the input side, and turns that round in its own callbacks', async () => {
  const Sent = z.object({ at: z.string(), times: z.number().default(1), back_url: z.url() }).meta({ id: 'Sent' })
  const Received = z.object({ note: z.string().default('') })
  const again = callback.post('{$request.body.back_url}', {
    body: Received,
    response: Received,
    headers: z.object({ 'x-a': z.string() }),
  })
  const paid = callback.put('{$callback_url}', {
    body: Sent,
    response: Received,
    headers: z.object({ 'x-run': z.number().default(1).describe('Which run') }),
    query: z.object({ page: z.number().optional() }),
    tags: ['events'],
    deprecated: true,
    description: 'It was paid',
    callbacks: { again },
  })
  const document = await checked([compile('post', define('/jobs', { query: CallbackUrl, callbacks: { paid } }), 'job')])
  const request = member(
    member(document.paths?.['/jobs'], 'post').callbacks?.paid?.['{$request.query.callback_url}'],
    'put',
  )
  assert.deepEqual(parametersOf(request).slice(3), [
    { name: 'page', in: 'query', schema: { type: 'number' } },
    { name: 'x-run', in: 'header', required: true, description: 'Which run', schema: { type: 'number', default: 1 } },
  ])
  assert.deepEqual(document.components?.schemas?.Sent?.required, ['at', 'times', 'back_url'])
  const received = { type: 'object', properties: { note: { type: 'string', default: '' } } }
  assert.deepEqual(request.responses?.['200'], {
    description: 'OK',
    content: { 'application/json': { schema: received } },
  })
  assert.deepEqual([request.tags, request.deprecated], [['events'], true])
  assert.match(request.description ?? '', /^It was paid\n\n/)
  const back = member(request.callbacks?.again?.['{$request.body#/back_url}'], 'post')
  assert.equal(back.operationId, 'jobPaidAgain')
  assert.deepEqual(back.requestBody?.content['application/json']?.schema, received)
  assert.deepEqual(back.responses?.['200'], {
    description: 'OK',
    content: { 'application/json': { schema: { ...received, required: ['note'] } } },
  })
  assert.deepEqual(
    parametersOf(back).map(({ name }) => name),
    ['x-a'],
  )
})

test('createDocument refuses paths that differ only in the names they hold', () => {
  const operations = [compile('get', define('/a/{id}', {})), compile('delete', define('/a/{key}', {}))]
  assert.throws(() => createDocument(operations, info), {
    name: 'DefinitionError',
    message: /"\/a\/\{id\}" and "\/a\/\{key\}"/,
  })
})
