import { expectDelivery, storedDelivery } from './expect.ts'
import { Failure } from './failure.ts'
import { confirm, heading, say } from './screen.ts'
import { expectRetry, postWhileDown, showArrival } from './show-retry.ts'
import type { Stage } from './stage.ts'

const invoiceId = 'before-kill'

/** Step 3: the process of the API dies between the response to the client and the callback. */
export async function showRestart(stage: Stage): Promise<void> {
  const { api, externalApi } = stage
  heading('3. The API is killed before it could deliver')
  await externalApi.stop()
  say('The external API is stopped again, and the API takes one more invoice.')
  const before = await postWhileDown(stage, invoiceId)
  const killed = api.pid
  await api.kill()
  say(`Now the API is killed (kill -9 ${killed}). All that is left of it is a folder with its store: ${api.storePath}`)
  await externalApi.start()
  await api.start()
  const after = await storedDelivery(stage, invoiceId)
  if (after?.id !== before.id) throw new Failure(`The delivery ${before.id} is gone from the store`)
  say(`The external API is back, and so is the API: a new process (${api.pid}) has found the delivery in the store.`)
  const received = await expectRetry(stage, invoiceId, after)
  await expectDelivery(stage, invoiceId, 'delivered', 2)
  if (Buffer.from(before.body ?? []).toString() !== received.body)
    throw new Failure(`The callback's body is not the stored one: ${received.body}`)
  showArrival(received, 'The callback arrived')
  confirm('It is the delivery that was stored before the kill: same id, same bytes.')
}
