import { dependency, Ringback } from 'ringback'
import { serve } from 'ringback/node'
import { z } from 'zod'

/** Something that takes a while to open, and must be closed. */
class TideTable {
  readonly #levels = [1.2, 1.4, 1.7]

  static async open(): Promise<TideTable> {
    return new TideTable()
  }

  levelAt(hour: number): number {
    return this.#levels[hour % this.#levels.length] ?? 0
  }

  async close(): Promise<void> {}
}

export const app = new Ringback({
  title: 'Harbour',
  version: '1.0.0',
  // What needs no value: before the first request, and after the last one.
  async *lifespan() {
    console.log('The harbour opens')
    yield
    console.log('The harbour closes')
  },
})

// What has a value: made at the start, for all requests.
const tides = dependency({ scope: 'app' }, async function* ({ log }) {
  const table = await TideTable.open()
  log.info('The table is open')
  yield table
  await table.close()
})

app.get(
  '/tides/{hour}',
  { params: z.object({ hour: z.int().min(0) }), dependencies: { tides }, response: z.number() },
  async function readTide({ params, tides }) {
    return tides.levelAt(params.hour)
  },
)

if (import.meta.main) await serve(app)
