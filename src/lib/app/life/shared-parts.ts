import { AsyncLocalStorage } from 'node:async_hooks'
import type { CurrentDeliveries } from '../../callback/callback-runtime.ts'
import { LazySpool } from '../../http/form/lazy-spool.ts'
import type { Log } from '../../log/log.ts'
import type { AnyApp } from '../../operation/any-app.ts'
import type { Dependency } from '../../operation/dependency-set.ts'
import { webSocketLimits } from '../../operation/socket/websocket-options.ts'
import { AppDependencies } from '../../request/app-dependencies.ts'
import { BackgroundTasks } from '../../request/background-tasks.ts'
import { OpenStreams } from '../../request/open-streams.ts'
import { OpenSockets } from '../../request/socket/open-sockets.ts'
import { AppDelivery } from '../app-delivery.ts'
import type { OperationList } from '../operation-list.ts'
import type { RingbackOptions } from '../ringback-options.ts'
import type { Closing } from './closing.ts'

/** How many responses may be streamed at once. */
const MOST_STREAMS = 10_000

/** How much disk the files of forms may take. */
const SPOOL_LIMIT_BYTES = 1_073_741_824

/** What belongs to an application and to all that it mounts: the outermost one makes, starts and ends it. */
export class SharedParts {
  readonly tasks: BackgroundTasks
  readonly streams: OpenStreams
  readonly sockets: OpenSockets
  readonly files: LazySpool
  readonly overrides = new Map<Dependency, (context: object) => unknown>()
  readonly dependencies: AppDependencies
  readonly delivery: AppDelivery

  constructor(options: RingbackOptions, operations: OperationList, app: AnyApp, log: Log) {
    const current: CurrentDeliveries = new AsyncLocalStorage()
    this.tasks = new BackgroundTasks(log)
    this.streams = new OpenStreams(MOST_STREAMS)
    this.sockets = new OpenSockets(webSocketLimits(options.websockets), () => this.delivery.clock, log)
    this.files = new LazySpool(options.spoolLimitBytes ?? SPOOL_LIMIT_BYTES)
    this.dependencies = new AppDependencies(app, log, this.overrides, current)
    this.delivery = new AppDelivery(options, operations, log, current)
  }

  /** What an earlier life has closed opens again. */
  reopen(): void {
    this.delivery.starting()
    this.streams.reopen()
    this.sockets.reopen()
  }

  /** Ends what streams, waits for what runs, and ends the rest in the order of its needs. */
  async close(closing: Closing, graceMs: number): Promise<void> {
    const endsAt = performance.now() + graceMs
    const leftMs = (): number => Math.max(0, endsAt - performance.now())
    this.streams.endAll()
    this.sockets.closeAll()
    await using last = new AsyncDisposableStack()
    last.defer(() => closing.step('The files of forms', () => this.files.close()))
    last.defer(() => this.dependencies.close((name, end) => closing.step(name, end)))
    last.defer(() => closing.step('The worker and store of deliveries', () => this.delivery.close(leftMs())))
    await Promise.all([this.sockets.drained(graceMs), this.tasks.drained(graceMs)])
    // The handler of a WebSocket may have begun more at its end.
    if (leftMs() > 0) await this.tasks.drained(leftMs())
  }
}
