import type { ReplayProgress } from '../delivery/manage/replays.ts'
import type { FilterOptions, StoreOptions } from './deliveries-options.ts'
import { withDeliveries } from './store/open-deliveries.ts'
import { printJson, printLines, printNote } from './terminal.ts'

interface ReplayOptions {
  readonly newId?: boolean | undefined
}

/** `ringback deliveries replay <id>` */
export async function replayOne(
  id: string,
  { store, json, newId = false }: StoreOptions & ReplayOptions,
): Promise<void> {
  const replayed = await withDeliveries(store, ({ deliveries }) => deliveries.replay(id, { newId }))
  if (json) printJson(replayed)
  else printLines([newId ? `Will send it again as ${replayed.id}` : `Will send ${replayed.id} again`])
}

/** `ringback deliveries replay --all` */
export async function replayAll(options: StoreOptions & FilterOptions & ReplayOptions): Promise<void> {
  const { store, json, newId = false, ...filter } = options
  const { id, replayed, withoutBytes } = await withDeliveries(store, async ({ deliveries }) => {
    const run = await deliveries.replayAll(filter, { newId })
    return run.finished({ onProgress: progressNotes() })
  })
  if (json) return printJson({ id, replayed, withoutBytes })
  printLines([`Will send ${deliveriesText(replayed)} again`])
  if (withoutBytes > 0) printNote(`${deliveriesText(withoutBytes)} had no bytes left`)
}

const noteEveryMs = 1_000

function progressNotes(): (progress: ReplayProgress) => void {
  let told = performance.now()
  return ({ replayed }) => {
    if (performance.now() - told < noteEveryMs) return
    told = performance.now()
    printNote(`${replayed} so far; if this is ended now, a server goes on`)
  }
}

function deliveriesText(count: number): string {
  return `${count} ${count === 1 ? 'delivery' : 'deliveries'}`
}
