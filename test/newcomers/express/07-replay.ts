// Sends once more what failed since yesterday, from a program of its own beside the server:
//   RINGBACK_STORE=/data/deliveries.sqlite node 07-replay.ts
// The same on the command line:
//   RINGBACK_STORE=/data/deliveries.sqlite npx ringback deliveries replay --all --state failed,blocked --since 24h
import type { Ringback } from 'ringback'
import { app } from './05-callback.ts'

export async function replaySince(app: Pick<Ringback, 'deliveries'>, since: number): Promise<number> {
  const { finished } = await app.deliveries.replayAll({ state: ['failed', 'blocked'], since })
  const { replayed } = await finished()
  return replayed
}

if (import.meta.main) {
  console.log(`${await replaySince(app, Date.now() - 86_400_000)} are sent again`)
  await app.close()
}
