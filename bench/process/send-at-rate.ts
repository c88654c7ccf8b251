import { setTimeout as pause } from 'node:timers/promises'

/**
 * Sends so many, each at its time, whatever became of those before. `send` gets the nanoseconds of `process.hrtime` at which it
 * should have been called, so that a delay in this process counts as waiting, too. Resolves when all have been sent.
 */
export async function sendAtRate(
  { count, perSecond }: { readonly count: number; readonly perSecond: number },
  send: (index: number, sentAt: string) => Promise<unknown>,
): Promise<void> {
  const intervalMs = 1_000 / perSecond
  const startedAt = process.hrtime.bigint()
  const sent: Promise<unknown>[] = []
  while (sent.length < count) {
    const elapsedMs = Number(process.hrtime.bigint() - startedAt) / 1e6
    while (sent.length < count && sent.length * intervalMs <= elapsedMs) {
      const sentAt = startedAt + BigInt(Math.round(sent.length * intervalMs * 1e6))
      sent.push(send(sent.length, String(sentAt)))
    }
    await pause(1)
  }
  await Promise.all(sent)
}
