import { announce, serveCommands } from '../process/parent.ts'
import { createEngine, deliveryTo } from './engine.ts'

/** How many deliveries one destination gets. */
export interface SeedCommand {
  readonly url: string
  readonly rows: number
}

/** Stores deliveries and sends none of them. */
const [database = ''] = process.argv.slice(2)
const storedTogether = 1_000
const body = Buffer.from(JSON.stringify({ description: 'Payment celebration', paid: true, note: 'x'.repeat(80) }))

const delivery = createEngine(database)
serveCommands<SeedCommand, string>(async ({ url, rows }) => {
  const request = deliveryTo(url, body)
  for (let stored = 0; stored < rows; stored += storedTogether) {
    const count = Math.min(storedTogether, rows - stored)
    await delivery.store(Array.from({ length: count }, () => delivery.prepare(request)))
  }
  return 'stored'
})
announce('ready', () => delivery.close())
