import { checkNames } from '../definition/check-names.ts'
import { DefinitionError } from '../definition/definition-error.ts'
import { quoted } from '../definition/quoted.ts'
import { checkDeliveryValues } from '../delivery/check-delivery-options.ts'
import { DELIVERY_NAMES } from '../delivery/delivery-options.ts'
import { checkEndpointOptions } from '../delivery/endpoints/endpoint-rules.ts'
import type { DocsOAuth } from '../docs/docs-pages-options.ts'
import type { AppDeliveryOptions, DocsOptions, RingbackOptions } from './ringback-options.ts'

const RINGBACK_NAMES: Readonly<Record<keyof RingbackOptions, true>> = {
  title: true,
  version: true,
  summary: true,
  description: true,
  termsOfService: true,
  contact: true,
  license: true,
  servers: true,
  tags: true,
  externalDocs: true,
  openapiVersion: true,
  docs: true,
  extendDocument: true,
  delivery: true,
  lifespan: true,
  dependencies: true,
  callbacks: true,
  webhooks: true,
  endpoints: true,
  responses: true,
  basePath: true,
  redirectSlashes: true,
  httpsRedirect: true,
  strictContentType: true,
  coerceJson: true,
  bodyLimitBytes: true,
  bodyLimitValues: true,
  spoolLimitBytes: true,
  websockets: true,
  generateOperationId: true,
  trustedHosts: true,
  trustedProxies: true,
  log: true,
}

const DOCS_NAMES: Readonly<Record<keyof DocsOptions, true>> = {
  openapi: true,
  receiverDocument: true,
  swagger: true,
  console: true,
  authorize: true,
  swaggerOptions: true,
  oauth: true,
  receivers: true,
}

const OAUTH_NAMES: Readonly<Record<keyof DocsOAuth, true>> = {
  clientId: true,
  scopes: true,
  appName: true,
  realm: true,
  additionalQueryStringParams: true,
  useBasicAuthenticationWithAccessCodeGrant: true,
  usePkceWithAuthorizationCodeGrant: true,
}

const {
  ownOrigins: _ownOrigins,
  onResponse: _onResponse,
  log: _log,
  clock: _clock,
  random: _random,
  transport: _transport,
  endpoints: _endpoints,
  ...ENGINE_NAMES
} = DELIVERY_NAMES
const APP_DELIVERY_NAMES: Readonly<Record<keyof AppDeliveryOptions, true>> = {
  ...ENGINE_NAMES,
  storeLimitBytes: true,
  recipient: true,
}

/** Returns the options. Throws a `DefinitionError` for unknown, invalid or contradictory ones. */
export function checkedRingbackOptions<Options extends object>(given: Options): Options {
  if (typeof given !== 'object' || given === null)
    throw new DefinitionError('An application needs options: give at least a "title" and a "version" for its document')
  const options: Partial<RingbackOptions> = given
  checkNames(options, RINGBACK_NAMES, 'the options of the application')
  if (!options.title || !options.version)
    throw new DefinitionError('An application needs a "title" and a "version" for its document')
  for (const name of ['lifespan', 'extendDocument', 'generateOperationId'] as const)
    if (options[name] !== undefined && typeof options[name] !== 'function')
      throw new DefinitionError(`"${name}" is ${quoted(options[name])}, not a function`)
  checkBasePath(options.basePath)
  const { httpsRedirect = false } = options
  if (typeof httpsRedirect !== 'boolean')
    throw new DefinitionError(`"httpsRedirect" is ${quoted(httpsRedirect)}: give true or false`)
  const { openapiVersion = '3.1' } = options
  if (openapiVersion !== '3.1' && openapiVersion !== '3.2')
    throw new DefinitionError(`"openapiVersion" is ${quoted(openapiVersion)}: give "3.1" or "3.2"`)
  checkLog(options.log)
  checkDocs(options.docs)
  checkAppDelivery(options.delivery)
  if (options.endpoints !== undefined) checkEndpointOptions(options.endpoints)
  checkSpool(options.spoolLimitBytes)
  return given
}

function checkBasePath(basePath: unknown): void {
  if (basePath === undefined || basePath === '') return
  if (typeof basePath !== 'string' || !/^\/(?!\/)[^?#\s\\]*[^/?#\s\\]$/.test(basePath))
    throw new DefinitionError(
      `"basePath" is ${quoted(basePath)}: give a path such as "/api", which begins with "/" and does not end with it`,
    )
}

function checkLog(log: RingbackOptions['log']): void {
  if (log === undefined) return
  for (const level of ['debug', 'info', 'warn', 'error'] as const)
    if (typeof log?.[level] !== 'function')
      throw new DefinitionError(
        `"log" has no "${level}": give an object with debug, info, warn and error, such as console`,
      )
}

function checkDocs(docs: RingbackOptions['docs']): void {
  if (docs === undefined || docs === false) return
  checkNames(docs, DOCS_NAMES, '"docs" of the application')
  checkOAuth(docs.oauth)
  checkAuthorize(docs.authorize)
  for (const name of ['openapi', 'receiverDocument', 'swagger', 'console'] as const) {
    const path: unknown = docs[name]
    if (path !== undefined && path !== false && !(typeof path === 'string' && path.startsWith('/')))
      throw new DefinitionError(
        `"docs.${name}" is ${quoted(path)}: give a path that begins with "/", or false for none`,
      )
  }
}

function checkAuthorize(authorize: DocsOptions['authorize']): void {
  if (authorize !== undefined && authorize?.kind !== 'dependency')
    throw new DefinitionError('"docs.authorize" is not a dependency: make one with dependency({…}, fn)')
}

function checkOAuth(oauth: DocsOptions['oauth']): void {
  if (oauth === undefined) return
  if (typeof oauth === 'object' && oauth !== null && 'clientSecret' in oauth)
    throw new DefinitionError(
      '"docs.oauth" has a "clientSecret", which everybody could read in the page: leave it out, and readers type it in',
    )
  checkNames(oauth, OAUTH_NAMES, '"docs.oauth" of the application')
}

function checkAppDelivery(delivery: RingbackOptions['delivery']): void {
  if (delivery === undefined) return
  checkNames(delivery, APP_DELIVERY_NAMES, '"delivery" of the application')
  checkDeliveryValues(delivery)
  const { storeLimitBytes } = delivery
  if (storeLimitBytes !== undefined && !(Number.isSafeInteger(storeLimitBytes) && storeLimitBytes > 0))
    throw new DefinitionError(`"storeLimitBytes" is ${quoted(storeLimitBytes)}; give a whole number of bytes above 0`)
}

function checkSpool(limit: number | undefined): void {
  if (limit !== undefined && !(Number.isSafeInteger(limit) && limit >= 0))
    throw new DefinitionError(`"spoolLimitBytes" is ${quoted(limit)}: give a whole number of bytes, 0 or more`)
}
