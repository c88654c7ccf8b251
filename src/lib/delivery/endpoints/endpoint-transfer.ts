import { RingbackError } from '../../error.ts'
import { checkedOwner } from './check-endpoint.ts'
import { checkImported, importedSecrets } from './check-imported.ts'
import type { Endpoints, ExportedEndpoint, ImportedEndpoint } from './endpoint.ts'
import { readDetails } from './endpoint-details.ts'
import type { EndpointRegistry } from './endpoint-registry.ts'
import type { NewStoredEndpoint, StoredEndpoint } from './endpoint-store.ts'
import { EndpointImportError } from './errors/endpoint-import-error.ts'
import { InvalidEndpointError } from './errors/invalid-endpoint-error.ts'
import { ownerText } from './owner.ts'
import type { KeptSecret } from './sealed-endpoint.ts'

const exportedAtOnce = 100

/** Takes endpoints over from another system, and gives them away. */
export function createEndpointTransfer(registry: EndpointRegistry): Pick<Endpoints, 'import' | 'export'> {
  const { store, clock, keys } = registry.context
  return {
    async import(endpoints) {
      if (!keys.known) await keys.ensure()
      const counts = { created: 0, unchanged: 0 }
      let line = 0
      for await (const imported of endpoints) {
        line++
        try {
          const endpoint = importedEndpoint(registry, imported)
          const result = await store.addEndpoint({ endpoint, limit: undefined, now: clock.now() })
          if ('added' in result) counts.created++
          else if ('known' in result && !result.isDeleted && isSame(registry, result.known, endpoint))
            counts.unchanged++
          else throw new InvalidEndpointError('/id', 'there is an endpoint with this id and another content')
        } catch (error) {
          if (!(error instanceof RingbackError || error instanceof RangeError)) throw error
          throw new EndpointImportError(line, error.message)
        }
      }
      return counts
    },
    async *export({ owner, secrets = false }) {
      const text = ownerText(owner)
      for (let cursor: string | undefined; ; ) {
        const page = await store.listEndpoints({ owner: text, cursor, limit: exportedAtOnce })
        for (const endpoint of page.items) yield exportedEndpoint(registry, endpoint, secrets)
        cursor = page.nextCursor
        if (cursor === undefined) return
      }
    },
  }
}

function importedEndpoint(registry: EndpointRegistry, imported: unknown): NewStoredEndpoint {
  checkImported(imported)
  const { id = registry.newId(), secrets: given, headerPrefixes = [], disabled = false, ...told } = imported
  const createdAt = told.createdAt?.getTime() ?? registry.context.clock.now()
  const endpoint = registry.compose(
    { ...told, owner: checkedOwner(told.owner) },
    { id, createdAt, headerPrefixes, secrets: importedSecrets(given, createdAt) },
  )
  return { ...endpoint, disabledReason: disabled ? 'owner' : undefined }
}

/** Whether an endpoint has the content that is to be imported. When its secrets were made is not part of it. */
function isSame(registry: EndpointRegistry, known: StoredEndpoint, given: NewStoredEndpoint): boolean {
  const content = (endpoint: NewStoredEndpoint) => {
    const { owner, url, events, channels, ratePerSecond, disabledReason } = endpoint
    const { description, metadata } = readDetails(endpoint)
    const { secrets, headers, headerPrefixes } = registry.open(endpoint)
    const signing = secrets.map(({ secret, expiresAt }) => [secret, expiresAt])
    const told = [owner, url, events, channels, ratePerSecond, disabledReason !== undefined, description, metadata]
    return JSON.stringify([...told, signing, headers, headerPrefixes])
  }
  return content(known) === content(given)
}

function exportedEndpoint(registry: EndpointRegistry, stored: StoredEndpoint, withSecrets: boolean): ExportedEndpoint {
  const { id, owner, url, events, channels, ratePerSecond = null } = stored
  const { description, metadata, headerPrefixes } = readDetails(stored)
  const opened = withSecrets ? registry.open(stored) : undefined
  return {
    ...{ id, owner, url, events, channels, description, metadata, ratePerSecond, headerPrefixes },
    ...(opened && { headers: opened.headers, secrets: exportedSecrets(opened.secrets) }),
    disabled: stored.disabledReason !== undefined,
    createdAt: new Date(stored.createdAt),
  }
}

function exportedSecrets([newest, ...earlier]: readonly KeptSecret[]): ImportedEndpoint['secrets'] {
  return [
    newest?.secret ?? '',
    ...earlier.map(({ secret, expiresAt }) => ({ secret, expiresAt: new Date(expiresAt ?? 0) })),
  ]
}
