import type { Log } from '../log.ts'

const SIGNALS = ['SIGINT', 'SIGTERM'] as const

/** Closes on the first signal and exits on the second; gives back what takes the listeners away. */
export function closeOnSignals(close: () => Promise<void>, log: Log): () => void {
  let closing = false
  const onSignal = (signal: (typeof SIGNALS)[number]): void => {
    if (closing) process.exit(1)
    closing = true
    log.info(`${signal}: closing; a second signal exits at once`)
    close().then(
      () => process.exit(0),
      (error: unknown) => {
        log.error('Closing failed', { error })
        process.exit(1)
      },
    )
  }
  for (const signal of SIGNALS) process.on(signal, onSignal)
  return () => {
    for (const signal of SIGNALS) process.off(signal, onSignal)
  }
}
