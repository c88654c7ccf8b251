import { join } from 'node:path'
import { Child } from '../process/child.ts'
import type { ReceiverCommand, ReceiverState } from '../receiver/receiver-command.ts'

const warmUp = 100

/** From `send` to the last byte at the receiver, in milliseconds, one delivery at a time with nothing else to do. */
export async function measureLatency(
  receiver: Child,
  receiverUrl: string,
  database: string,
  count: number,
): Promise<readonly number[]> {
  const program = join(import.meta.dirname, 'ringback-latency.ts')
  const { child } = await Child.start(program, { args: [receiverUrl, database], env: { NODE_ENV: 'production' } })
  const state: ReceiverCommand = { limitMs: 0 }
  try {
    await child.ask(warmUp)
    await receiver.ask(state)
    await child.ask(count)
    const { arrivalsMs } = await receiver.ask<ReceiverState>(state)
    if (arrivalsMs.length !== count) throw new Error(`${arrivalsMs.length} of ${count} deliveries arrived`)
    return arrivalsMs
  } finally {
    await child.stop()
  }
}
