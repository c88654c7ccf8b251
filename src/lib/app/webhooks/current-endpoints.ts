import type { Endpoints } from '../../delivery/endpoints/endpoint.ts'
import type { WebhookMessages } from '../../delivery/endpoints/messages.ts'

/** The endpoints of whatever engine is in use at the time of each call. */
export function currentEndpoints(current: () => Endpoints): Endpoints {
  return Object.freeze<Endpoints>({
    create: async endpoint => current().create(endpoint),
    list: async filter => current().list(filter),
    get: async (id, of) => current().get(id, of),
    update: async (id, change, of) => current().update(id, change, of),
    delete: async (id, of) => current().delete(id, of),
    enable: async (id, of) => current().enable(id, of),
    disable: async (id, of) => current().disable(id, of),
    rotateSecret: async (id, of) => current().rotateSecret(id, of),
    test: async (id, of) => current().test(id, of),
    recover: async (id, of) => current().recover(id, of),
    import: async endpoints => current().import(endpoints),
    async *export(of) {
      yield* current().export(of)
    },
  })
}

/** The same for messages. */
export function currentMessages(current: () => WebhookMessages): WebhookMessages {
  return Object.freeze<WebhookMessages>({
    list: async filter => current().list(filter),
    get: async (id, of) => current().get(id, of),
    cancel: async (id, of) => current().cancel(id, of),
  })
}
