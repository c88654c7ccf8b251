import type { Log } from '../log.ts'

const SIGNALS = ['SIGINT', 'SIGTERM'] as const

/** One Ctrl-C arrives twice where npm runs the program: from the terminal, and passed on by npm. */
const SAME_SIGNAL_MS = 500

/** Closes on the first signal and exits on the second; gives back what takes the listeners away. */
export function closeOnSignals(close: () => Promise<void>, log: Log): () => void {
  let closingSince: number | undefined
  const onSignal = (signal: (typeof SIGNALS)[number]): void => {
    if (closingSince !== undefined) {
      if (performance.now() - closingSince > SAME_SIGNAL_MS) process.exit(1)
      return
    }
    closingSince = performance.now()
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
