import { runtimeWithoutDelivery } from '../../delivery/unsent/runtime-without-delivery.ts'
import { DocsAccess } from '../../docs/access/docs-access.ts'
import { consoleRoutes } from '../../docs/console/console-routes.ts'
import type { ConsoleSource, DeclaredCallback } from '../../docs/console/console-source.ts'
import type { DocsPanel } from '../../docs/docs-pages-options.ts'
import type { DocsRoute } from '../../docs/docs-route.ts'
import { panelRoutes } from '../../docs/panel/panel-routes.ts'
import type { CompiledWebhook } from '../../operation/compiled/compiled-webhook.ts'
import { docsToken } from '../../signature/master-secret.ts'
import type { AppDelivery } from '../app-delivery.ts'
import type { OperationList } from '../operation-list.ts'
import type { RingbackOptions } from '../ringback-options.ts'
import type { MethodRoute } from '../route-table.ts'
import { docsOperation } from './docs-operation.ts'
import { type DocsPaths, docsPaths } from './docs-paths.ts'

/** What the console and the panel need of their application. */
export interface DocsHost {
  /** That of the application which mounts it, where one does. */
  readonly delivery: AppDelivery
  readonly operations: OperationList
  readonly mountedAt: string | undefined
  readonly webhooks: readonly CompiledWebhook[]
}

/** The console and the panel of an application, and who may use them. */
export class DocsParts {
  readonly access: DocsAccess
  readonly #options: RingbackOptions
  readonly #host: DocsHost
  readonly #paths: DocsPaths

  constructor(options: RingbackOptions, host: DocsHost) {
    const { docs } = options
    this.#options = options
    this.#host = host
    this.#paths = docsPaths(docs)
    this.access = new DocsAccess(docs === false ? undefined : docs?.authorize, () =>
      docsToken(host.delivery.masterSecret),
    )
  }

  /** The path of the console; undefined where there is none: of several applications the outermost has the deliveries. */
  get consolePath(): string | undefined {
    const { operations, mountedAt } = this.#host
    const exists = this.#exists && operations.send && mountedAt === undefined
    return exists ? this.#paths.console : undefined
  }

  /** How the page of the documentation shows the panel; undefined where there is none. */
  get panel(): DocsPanel | undefined {
    if (!this.#exists || this.#paths.swagger === undefined) return undefined
    const callbacks = this.#host.operations.all.flatMap(operation => operation.callbacks)
    const count = callbacks.length + this.#host.webhooks.length
    if (count === 0) return undefined
    // Whoever has to log in is asked only once they want to send something.
    return this.access.isDevelopment && count === 1 ? 'open' : 'closed'
  }

  /** The operations of both, which stand in no document. */
  get routes(): MethodRoute[] {
    return [...this.#console(), ...this.#panel()].map(route => docsOperation(route, this.access))
  }

  get #exists(): boolean {
    return this.access.exists && runtimeWithoutDelivery() === undefined
  }

  #console(): DocsRoute[] {
    const { consolePath } = this
    if (consolePath === undefined) return []
    return consoleRoutes(
      this.#source(),
      { console: consolePath, docs: this.#paths.swagger, openapi: this.#paths.openapi },
      this.access,
    )
  }

  #panel(): DocsRoute[] {
    if (this.panel === undefined) return []
    const { operations, webhooks } = this.#host
    const messages = () => ({ operations: operations.all, webhooks })
    return panelRoutes({ sender: () => this.#host.delivery.testSender, messages }, this.#paths.swagger!, this.access)
  }

  #source(): ConsoleSource {
    const { title, version } = this.#options
    const { delivery, operations } = this.#host
    const { deliveries, destinations } = delivery
    return {
      ...{ title, version, deliveries, destinations },
      get clock() {
        return delivery.clock
      },
      operations: () => operations.sending,
      declared: (operation, callback) => this.#declared(operation, callback),
      location: () => delivery.storeLocation,
    }
  }

  #declared(operationId: string, name: string): DeclaredCallback | undefined {
    const callbacks = this.#host.operations.byId(operationId)?.callbacks ?? []
    const callback = callbacks.find(one => one.name === name)
    if (callback === undefined) return undefined
    const timeoutMs = callback.options.timeoutMs ?? this.#options.delivery?.timeoutMs ?? 15_000
    return { timeoutMs, statuses: Object.keys(callback.declaredResponses) }
  }
}
