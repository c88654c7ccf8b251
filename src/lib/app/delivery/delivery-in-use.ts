import type { DeliveryEngine } from '../../delivery/delivery-engine.ts'
import type { DeliveryOptions } from '../../delivery/delivery-options.ts'
import { TestSender, type TestSenderContext } from '../../delivery/test-send/test-sender.ts'
import type { DestinationVerdict } from '../../destination/verdict.ts'
import { memoize } from '../../memoize.ts'

/** An engine in use, with its recent results, and what else is made of its parts. */
export class DeliveryInUse {
  readonly engine: DeliveryEngine
  readonly transaction: unknown
  readonly judgeBase: (base: string) => DestinationVerdict
  /** The current one; empty where nothing can be sent. */
  readonly masterSecret: string
  readonly testSender: TestSender

  constructor(
    engine: DeliveryEngine,
    parts: Pick<DeliveryOptions, 'store' | 'signing'> | undefined,
    network: Omit<TestSenderContext, 'masterSecret' | 'makeId'>,
  ) {
    this.engine = engine
    this.transaction = (parts?.store as { readonly transaction?: unknown } | undefined)?.transaction
    this.judgeBase = memoize(1_000, engine.judgeUrl, { ms: 5_000, clock: network.clock })
    this.masterSecret = parts === undefined ? '' : currentSecret(parts.signing)
    this.testSender = new TestSender({ ...network, masterSecret: this.masterSecret, makeId: engine.newId })
  }

  /** Ends the attempts on their way and closes the store. */
  async close(graceMs: number | undefined): Promise<void> {
    await Promise.all([this.engine.close(graceMs === undefined ? {} : { graceMs }), this.testSender.close()])
  }
}

/** The one that signs. */
const currentSecret = ({ masterSecret }: DeliveryOptions['signing']): string =>
  typeof masterSecret === 'string' ? masterSecret : masterSecret[0]!
