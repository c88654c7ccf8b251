import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { systemClock } from '../../clock.ts'
import { escapeControls } from '../../log/escape-controls.ts'
import { openDocument } from '../check/open-document.ts'
import { CommandError } from '../command-error.ts'
import { counted } from '../counted.ts'
import { currentTerminal, printJsonLine, printLines, printNote } from '../terminal.ts'
import { handledDetails, handledJson, handledLine } from './handled-lines.ts'
import { KeptRequests } from './kept-requests.ts'
import { KnownMessages } from './known-messages.ts'
import type { ListenOptions } from './listen-options.ts'
import { Listener } from './listener.ts'
import { type MessageRoute, routesOf } from './message-route.ts'
import { MisbehaveScript, type StepVerdict } from './misbehaviour.ts'
import type { Handled } from './received.ts'
import { RecordFile } from './record-file.ts'
import { replayRecords } from './replay-records.ts'
import { createVerifier } from './verifier.ts'

/** `ringback listen` */
export async function listen(location: string, options: ListenOptions): Promise<void> {
  const routes = routesOf(await openDocument(location, options))
  if (routes.length === 0) throw new CommandError(`The document "${location}" has no callback or webhook`)
  if (options.replay !== undefined) return replayRecords(options.replay, routes, options)
  await using record = options.record === undefined ? undefined : new RecordFile(options.record)
  await record?.open()
  const { now } = systemClock
  const script = options.script === undefined ? undefined : new MisbehaveScript(options.slow, now)
  const shown = new Shown(options)
  const listener = new Listener({
    judge: { routes, verifier: await createVerifier(options), known: new KnownMessages(), now },
    delayMs: options.delay ?? 0,
    fail: options.fail === undefined ? undefined : { status: options.fail, times: options.times ?? Infinity },
    forward: options.forward,
    script,
    record,
    onHandled: handled => shown.handled(handled),
    onVerdict: verdict => shown.verdict(verdict),
    onNote: printNote,
  })
  shown.ready(await listener.listen(options.port, options.host), routes)
  shown.readCommands()
  await untilEnded()
  await listener.close()
  for (const verdict of script?.summary() ?? []) shown.verdict(verdict)
}

async function untilEnded(): Promise<void> {
  await Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')])
}

/** What whoever runs the command sees. */
class Shown {
  readonly #options: ListenOptions
  readonly #kept = new KeptRequests()

  constructor(options: ListenOptions) {
    this.#options = options
  }

  ready(url: string, routes: readonly MessageRoute[]): void {
    if (this.#options.json) {
      printJsonLine({ type: 'ready', url })
      return
    }
    const { secret, keys, verify } = this.#options
    const isTest = verify !== false && secret === undefined && keys === undefined
    const terminal = currentTerminal()
    printLines([
      `Listening at ${terminal.color('bold', url)} for ${counted(routes.length, 'request')}:`,
      ...routes.map(route => `  ${escapeControls(routeLine(route))}`),
      verify === false
        ? 'Nothing is verified'
        : isTest
          ? 'Signatures are verified with the test secret of "ringback trigger", which everybody knows'
          : 'Signatures are verified with the given keys',
      ...(process.stdin.isTTY
        ? ['Enter shows the details of the latest request, its number and Enter those of another']
        : []),
    ])
  }

  handled(handled: Handled): void {
    if (this.#options.json) {
      printJsonLine(handledJson(handled))
      return
    }
    this.#kept.add(handled)
    const terminal = currentTerminal()
    printLines([handledLine(handled, terminal)])
    if (this.#options.details) printLines(handledDetails(handled, terminal))
  }

  verdict({ step, words }: StepVerdict): void {
    if (this.#options.json) {
      printJsonLine({ type: 'script', step, words })
      return
    }
    printLines([`${currentTerminal().color('cyan', `script: ${step}`)}  the sender ${words}`])
  }

  /** Details are asked for by number. */
  readCommands(): void {
    if (!process.stdin.isTTY || this.#options.json) return
    const lines = createInterface({ input: process.stdin })
    lines.on('SIGINT', () => process.kill(process.pid, 'SIGINT'))
    process.once('SIGINT', () => lines.close())
    process.once('SIGTERM', () => lines.close())
    lines.on('line', line => {
      const found = this.#kept.find(/^\s*\d+\s*$/.test(line) ? Number(line) : undefined)
      if (found === undefined) printNote('That request is not kept')
      else printLines(handledDetails(found, currentTerminal()))
    })
  }
}

function routeLine({ outgoing, after }: MessageRoute): string {
  const path = after.map(part => ('text' in part ? part.text : `{${part.name}}`)).join('')
  const whose = outgoing.operation === '' ? 'webhook' : `callback of ${outgoing.operation}`
  return `${outgoing.method.toUpperCase()} …${path === '' ? '/' : path}  ${outgoing.name} (${whose})`
}
