import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { inspect, parseArgs } from 'node:util'
import { ApiProcess } from './demo/api-process.ts'
import { compileMisspelt } from './demo/compile-misspelt.ts'
import { ExternalApi } from './demo/external-api.ts'
import { Failure } from './demo/failure.ts'
import { ListenProcess } from './demo/listen-process.ts'
import { fail, say, show } from './demo/screen.ts'
import { showAddresses, showFurtherCallbacks } from './demo/show-addresses.ts'
import { showCallback } from './demo/show-callback.ts'
import { showIntroduction } from './demo/show-introduction.ts'
import { showMisspelling } from './demo/show-misspelling.ts'
import { showRefusal } from './demo/show-refusal.ts'
import { showRestart } from './demo/show-restart.ts'
import { showRetry } from './demo/show-retry.ts'
import type { Stage } from './demo/stage.ts'

// `npm run demo` shows in six steps what Ringback does, with the application of examples/invoices.ts as it is.
// `npm run demo -- --once` ends after them, with 0 if all went as shown.

const root = dirname(import.meta.dirname)
/** The exit code that shells report for a program that Ctrl-C ended. */
const endedBySignal = 130

async function tell(stage: Stage, folder: string, once: boolean): Promise<void> {
  await showIntroduction(stage)
  await showCallback(stage)
  const compiled = compileMisspelt(root, join(folder, 'misspelt'), stage.signal)
  compiled.catch(() => {}) // Reported in its step.
  await showRetry(stage)
  await showRestart(stage)
  await showRefusal(stage)
  await showMisspelling(compiled)
  await showAddresses(stage)
  if (once) say('The demo was started with --once: these addresses end with it. Without --once they stay until Ctrl-C.')
  else await showFurtherCallbacks(stage)
}

/** Plays the demo and gives back the exit code. Everything that was started is closed again, in reverse order. */
async function play(once: boolean, signal: AbortSignal): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), 'ringback-demo-'))
  const externalApi = new ExternalApi()
  const api = new ApiProcess(join(folder, 'deliveries.sqlite'), signal)
  const listener = new ListenProcess(signal)
  try {
    if (!existsSync(join(root, 'dist'))) throw new Failure('The package is not built: run "npm run build" first')
    await externalApi.start()
    await api.start()
    const callbackUrl = `${externalApi.origin}/events`
    externalApi.secret = await api.ask('secretFor', callbackUrl)
    await tell({ api, externalApi, listener, callbackUrl, root, signal }, folder, once)
    return 0
  } catch (error) {
    if (signal.aborted) return endedBySignal
    fail(error instanceof Failure ? error.message : inspect(error), api.output)
    return 1
  } finally {
    await listener.close()
    await api.close()
    await externalApi.stop()
    await rm(folder, { recursive: true, force: true })
  }
}

const ended = new AbortController()
// All of them may come more than once: npm passes Ctrl-C on, although the terminal has already sent it.
for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, () => ended.abort())
// The reader of a pipe may go away.
process.stdout.on('error', () => ended.abort())

process.exitCode = await play(onceGiven(), ended.signal)
if (ended.signal.aborted) show(['', 'The servers are stopped, and their temporary folder is removed.'])

function onceGiven(): boolean {
  try {
    return parseArgs({ options: { once: { type: 'boolean', default: false } } }).values.once
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : error}\nUsage: npm run demo [-- --once]`)
    process.exit(2)
  }
}
