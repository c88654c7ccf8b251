import type { Log } from '../log/log.ts'
import { endThreads } from '../store/sqlite/thread/database-threads.ts'

const SIGNALS = ['SIGINT', 'SIGTERM'] as const

/** One Ctrl-C arrives twice where npm runs the program: from the terminal, and passed on by npm. */
const SAME_SIGNAL_MS = 500

/** How long a thread that was told to end may take. */
const END_THREADS_MS = 500

/**
 * Closes on the first signal and ends the process on the second, whatever its threads do; gives back what takes the
 * listeners away.
 */
export function closeOnSignals(close: () => Promise<void>, log: Log): () => void {
  let closingSince: number | undefined
  const onSignal = (signal: (typeof SIGNALS)[number]): void => {
    if (closingSince !== undefined) {
      if (performance.now() - closingSince > SAME_SIGNAL_MS) endAtOnce()
      return
    }
    closingSince = performance.now()
    log.info(`${signal}: closing; a second signal ends the process at once`)
    close().then(
      () => exit(0, log),
      (error: unknown) => {
        log.error('Closing failed', { error })
        return exit(1, log)
      },
    )
  }
  for (const signal of SIGNALS) process.on(signal, onSignal)
  return () => {
    for (const signal of SIGNALS) process.off(signal, onSignal)
  }
}

/** `process.exit` waits for every thread, and one that stands in a call of the system may never end. */
async function exit(code: number, log: Log): Promise<void> {
  if (await endThreads(END_THREADS_MS)) process.exit(code)
  log.error('The disk of the delivery store does not answer; the process ends itself with SIGKILL')
  endAtOnce()
}

function endAtOnce(): void {
  process.kill(process.pid, 'SIGKILL')
}
