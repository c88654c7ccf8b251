import { DefinitionError } from '../definition/definition-error.ts'
import type { DocsPanel } from '../docs/docs-pages-options.ts'
import { createDocument, type OpenApiDocument } from '../openapi/create-document.ts'
import { placeFlowUrls } from '../openapi/flow-urls.ts'
import { bodyLimitOf, DEFAULT_BODY_LIMITS } from '../operation/body-limits.ts'
import { docsPaths } from './docs/docs-paths.ts'
import { documentRoutes } from './document-routes.ts'
import { placeOfferedEvents } from './endpoints/offered-events.ts'
import { keyRoutes } from './key-routes.ts'
import { pathBelow } from './mount/mount-path.ts'
import type { MountRoute, RequestHead } from './mount/mount-route.ts'
import type { OperationList } from './operation-list.ts'
import type { RingbackOptions } from './ringback-options.ts'
import { createRouteTable, type MethodRoute, type RouteTable, SOCKET_METHOD } from './route-table.ts'

/** What is served beside operations. */
export interface FurtherRoutes {
  publicKeys(): readonly string[]
  /** How the page of the documentation shows the panel. */
  panel(): DocsPanel | undefined
  /** The console, and what the panel asks for. */
  docsRoutes(): readonly MethodRoute[]
}

/** The paths of an application and their document: made when they are asked for, and again after each registration. */
export class Routes {
  readonly redirectSlashes: boolean
  /** The limit of a body without an operation. */
  readonly bodyLimitBytes: number
  readonly #options: RingbackOptions
  readonly #operations: OperationList
  readonly #mounts: MountRoute[] = []
  readonly #further: FurtherRoutes
  #basePath: string
  #table: RouteTable | undefined
  #document: OpenApiDocument | undefined

  constructor(options: RingbackOptions, operations: OperationList, further: FurtherRoutes) {
    this.redirectSlashes = options.redirectSlashes ?? true
    this.#basePath = options.basePath ?? ''
    this.bodyLimitBytes = options.bodyLimitBytes ?? DEFAULT_BODY_LIMITS.bodyLimitBytes
    this.#options = options
    this.#operations = operations
    this.#further = further
  }

  /** What a proxy, or another application, has removed from the beginning of each path. */
  get basePath(): string {
    return this.#basePath
  }

  /** Says where another application serves these routes. */
  moveTo(basePath: string): void {
    this.#basePath = basePath
    this.changed()
  }

  /** Adds what is mounted. Throws a `DefinitionError` where something else is. */
  mount(route: MountRoute): void {
    const { text } = route.template
    if (this.#mounts.some(({ template }) => template.text === text))
      throw new DefinitionError(`Something is already mounted at "${text}": mount the other at a path of its own`)
    this.#mounts.push(route)
    this.changed()
  }

  get table(): RouteTable {
    this.#table ??= this.#createTable()
    return this.#table
  }

  get document(): OpenApiDocument {
    this.#document ??= this.#createDocument()
    return this.#document
  }

  /** The path of the page; undefined where there is none. */
  get docsPath(): string | undefined {
    return docsPaths(this.#options.docs).swagger
  }

  /** Throws a `DefinitionError` for a conflict in the document or among the paths, and for what cannot be served. */
  check(): void {
    for (const mount of this.#mounts) mount.check?.()
    void this.document
    void this.table
  }

  /** An operation has been added. */
  changed(): void {
    this.#table = undefined
    this.#document = undefined
  }

  /** The limit of a request's body for every reader, including middleware. */
  bodyLimitOf(head: RequestHead): number {
    const route = this.table.match(head.method, head.path)?.route
    if (route?.kind === 'mount') return this.limitOfMount(route, head)
    if (route?.kind !== 'operation') return this.bodyLimitBytes
    return bodyLimitOf(route.operation.bodyLimits, head)
  }

  /** The same where the route is known to be what is mounted there. */
  limitOfMount({ template, bodyLimitOf }: MountRoute, head: RequestHead): number {
    const below = { method: head.method, path: pathBelow(head.path, template) || '/', header: head.header.bind(head) }
    return bodyLimitOf?.(below) ?? this.bodyLimitBytes
  }

  #createTable(): RouteTable {
    const operations = this.#operations.all.map(operation => ({
      kind: 'operation' as const,
      method: operation.socket === undefined ? operation.method.toUpperCase() : SOCKET_METHOD,
      template: operation.template,
      operation,
    }))
    const { publicKeys, panel, docsRoutes } = this.#further
    const pages = documentRoutes(this.#options, () => this.document, panel())
    const keys = this.#operations.send ? keyRoutes(publicKeys) : []
    return createRouteTable([...operations, ...pages, ...docsRoutes(), ...keys], this.#mounts)
  }

  #createDocument(): OpenApiDocument {
    const { docs, delivery, endpoints, extendDocument } = this.#options
    const servers = serversUnder(this.#basePath, this.#options.servers)
    const { retryDelaysSeconds, finalStatuses, timeoutMs } = delivery ?? {}
    const receivers = docs === false ? undefined : docs?.receivers
    const receiving = { retryDelaysSeconds, finalStatuses, timeoutMs, receivers, endpoints }
    const document = createDocument(
      this.#operations.all,
      { ...this.#options, servers },
      receiving,
      this.#operations.webhooks.own,
    )
    placeFlowUrls(document, this.basePath)
    placeOfferedEvents(document, this.#operations.webhooks.own)
    return extendDocument?.(document) ?? document
  }
}

/** Those that are given, and first of all the one that the proxy serves. */
function serversUnder(basePath: string, servers: RingbackOptions['servers']): RingbackOptions['servers'] {
  if (basePath === '' || servers?.some(({ url }) => url === basePath || url === `${basePath}/`)) return servers
  return [{ url: basePath }, ...(servers ?? [])]
}
