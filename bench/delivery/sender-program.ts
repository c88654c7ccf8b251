import { announce, serveCommands } from '../process/parent.ts'
import { watchMemory } from '../process/watch-memory.ts'

/** The commands to a sender: first to store its deliveries, then to deliver them all; then both again. */
export type SenderCommand = 'store' | 'deliver'

/** The cost of a phase; the CPU is that of all threads of the sender. */
export interface PhaseCost {
  readonly seconds: number
  readonly cpuSeconds: number
  /** The most resident memory until its end. */
  readonly mostBytes: number
}

/** What every sender does, each in its own way. */
export type Sender = Readonly<Record<SenderCommand, () => void | Promise<void>>>

/** What every sender is given. */
export interface SenderArguments {
  readonly deliveries: number
  readonly receiver: URL
  /** A file of SQLite, or the address of a PostgreSQL database. */
  readonly database: string
  /** What distinguishes senders of one program. */
  readonly variant: string
}

export function senderArguments(): SenderArguments {
  const [deliveries, receiver = '', database = '', variant = ''] = process.argv.slice(2)
  return { deliveries: Number(deliveries), receiver: new URL(receiver), database, variant }
}

/** How many deliveries a sender may have under way. */
export const inFlight = Number(process.env['IN_FLIGHT'] ?? 64)

/** The body of every delivery, of at least so many bytes where the parent says so. */
export const deliveryBody = bodyOf(Number(process.env['BODY_BYTES'] ?? 0))

function bodyOf(bytes: number): string {
  const body = (note: string) => JSON.stringify({ description: 'Payment celebration', paid: true, note })
  return body('x'.repeat(Math.max(bytes - body('').length, 80)))
}

/** Does what the parent asks for, and reports the cost. */
export function serveSender(sender: Sender): void {
  const memory = watchMemory()
  serveCommands<SenderCommand, PhaseCost>(async command => {
    const started = performance.now()
    const cpuBefore = process.cpuUsage()
    await sender[command]()
    const { user, system } = process.cpuUsage(cpuBefore)
    return {
      seconds: (performance.now() - started) / 1000,
      cpuSeconds: (user + system) / 1e6,
      mostBytes: memory.mostBytes(),
    }
  })
  announce('ready')
}
