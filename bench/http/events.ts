/** How many events the stream of the benchmark has. */
export const eventCount = 1_000

/** The items of the stream, made one after the other as if each had to be waited for. */
export async function* eventItems(): AsyncGenerator<{ id: number; limit: number; msg: string }> {
  for (let id = 0; id < eventCount; id++) yield { id, limit: 5, msg: 'ok' }
}

/** An event as it is written by hand. */
export const eventText = (item: object): string => `data: ${JSON.stringify(item)}\n\n`
