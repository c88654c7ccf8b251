import type { TestContext } from 'node:test'
import { inspect } from 'node:util'
import { everyone } from '../../src/lib/delivery/endpoints/owner.ts'
import { type MakeStore, webhookEngine } from './webhook-engine.ts'

/** What a secret could be written as. */
export function spellings(secret: string): Buffer[] {
  const bytes = Buffer.from(secret.replace(/^whsec_/, ''), secret.startsWith('whsec_') ? 'base64' : 'utf8')
  const texts = [secret, bytes.toString('base64'), bytes.toString('hex'), bytes.toString('base64url')]
  return [...texts.map(text => Buffer.from(text.replace(/=+$/, ''))), bytes]
}

/** Has an engine use secrets in every way, and gives them, with all that was told and logged of it. */
export async function toldSecrets(t: TestContext, makeStore: MakeStore) {
  const { engine, register, send, log } = await webhookEngine(t, makeStore, {
    statuses: [500, 410],
    endpoints: { onDisabled: () => Promise.reject(new Error('told later')) },
  })
  const credential = 'Bearer s3cret-of-a-header'
  const told: unknown[] = []
  const secrets = [credential]
  const remember = <T extends { readonly secret: string }>({ secret, ...shown }: T) => {
    secrets.push(secret)
    told.push(shown)
  }
  const { id, secret, ...shown } = await register('a', { headers: { authorization: credential } })
  remember({ secret, ...shown })
  remember(await engine.endpoints.rotateSecret(id, { owner: 'a' }))
  for (const event of ['invoice.paid', 'invoice.sent']) await send(event)
  await engine.deliverDue()
  const { items } = await engine.deliveries.list({ endpoint: id })
  for (const item of items) told.push(await engine.deliveries.get(item.id))
  told.push(await engine.endpoints.list({ owner: everyone }), await engine.messages.list({ owner: everyone }))
  told.push(
    await engine.endpoints
      .update(id, { headers: { 'x-a': 'b' }, url: 'ftp://x' }, { owner: 'a' })
      .catch(error => error),
  )
  for await (const exported of engine.endpoints.export({ owner: everyone })) told.push(exported)
  const text = inspect([told, log], { depth: 20, maxArrayLength: null, maxStringLength: null })
  return { secrets, text }
}
