import { resolve } from 'node:path'
import { appInternals } from '../../app/ringback.ts'
import { systemClock } from '../../clock.ts'
import { createIdMaker } from '../../delivery/delivery-id.ts'
import { createEndpoints } from '../../delivery/endpoints/create-endpoints.ts'
import { createMessages } from '../../delivery/endpoints/create-messages.ts'
import type { Endpoints, OfOwner } from '../../delivery/endpoints/endpoint.ts'
import { endpointNumber } from '../../delivery/endpoints/endpoint-rules.ts'
import type { WebhookMessages } from '../../delivery/endpoints/messages.ts'
import { everyone } from '../../delivery/endpoints/owner.ts'
import { noWebhooks } from '../../delivery/endpoints/webhook-catalogue.ts'
import { MasterSecretUnknownError } from '../../delivery/keys/master-secret-unknown-error.ts'
import { StoreKeys } from '../../delivery/keys/store-keys.ts'
import { loopback } from '../../node/loopback.ts'
import { AtRestError } from '../../signature/at-rest-error.ts'
import { loadApp } from '../app/load-app.ts'
import { loadEnvironment } from '../app/load-environment.ts'
import { CommandError } from '../command-error.ts'
import type { StoreOptions } from '../deliveries-options.ts'
import { withStore } from '../store/open-deliveries.ts'
import type { OpenStore } from '../store/open-store.ts'

/** What every command on endpoints takes. */
export interface EndpointsOptions extends StoreOptions {
  /** The file of the application, whose events, rules and store hold then. */
  readonly app?: string
  /** For development: endpoints may be on this machine. */
  readonly allowLoopback?: boolean
  readonly envFile?: string
  readonly owner?: string
  readonly everyone?: boolean
}

/** What a command works with. */
export interface OpenEndpoints {
  readonly endpoints: Endpoints
  readonly messages: WebhookMessages
}

/** Lets a command work on endpoints: those of an application, else of a store, which knows no events and no rules. */
export async function withEndpoints<T>(
  options: EndpointsOptions,
  work: (open: OpenEndpoints) => Promise<T>,
): Promise<T> {
  if (options.app === undefined) return withStore(options.store, open => work(ofStore(open)).catch(toldOfEndpoints))
  if (options.store !== undefined)
    throw new CommandError('Give --app or --store: an application has a store of its own')
  if (options.envFile !== undefined) loadEnvironment(options.envFile)
  // The application's file is the program: its store lies beside it, and not beside this command
  process.argv[1] = resolve(options.app)
  const app = await loadApp(options.app)
  if (options.allowLoopback) appInternals(app).delivery.allow(loopback)
  try {
    return await work(app).catch(toldOfEndpoints)
  } finally {
    await app.close()
  }
}

/** Whose endpoints are meant. */
export function ofOwner({ owner, everyone: all }: EndpointsOptions): OfOwner {
  if (owner !== undefined && all !== true) return { owner }
  if (owner === undefined && all === true) return { owner: everyone }
  throw new CommandError('Say whose endpoints you mean: give --owner <name>, or --everyone')
}

const dayMs = 86_400_000

function ofStore({ store, masterSecrets }: OpenStore): OpenEndpoints {
  const context = { store, clock: systemClock, masterSecrets }
  const endpoints = createEndpoints({
    ...context,
    keys: secretKeys(store, masterSecrets),
    makeId: createIdMaker(systemClock),
    catalogue: { ...noWebhooks, events: anyEvent },
    maxPerOwner: endpointNumber('maxPerOwner'),
    overlapSeconds: endpointNumber('overlapSeconds'),
    webhookMs: 14 * dayMs,
    // The server's rules are not known here. It judges each URL again before it is called
    judgeUrl: url => ({ allowed: true, url: new URL(url) }),
    wake: () => {},
    createTest: () => async () => {
      throw new CommandError('A test needs the example of an event: give --app with the file of the application')
    },
  })
  return { endpoints, messages: createMessages(context) }
}

/** Without the application nobody knows which events there are: what was stored stays, and nothing else is asked for. */
const anyEvent: ReadonlyMap<string, { readonly documented: boolean }> = new (class extends Map {
  override has(): boolean {
    return true
  }
})()

function secretKeys(store: OpenStore['store'], masterSecrets: readonly string[]): Pick<StoreKeys, 'known' | 'ensure'> {
  if (masterSecrets.length > 0) return new StoreKeys(store, masterSecrets)
  const ensure = async () => {
    throw new CommandError("The secrets of endpoints are sealed: set RINGBACK_MASTER_SECRET to the server's")
  }
  return { known: false, ensure }
}

/** The values come from the command line: its user is to mend them. */
function toldOfEndpoints(error: unknown): never {
  if (error instanceof AtRestError)
    throw new CommandError(
      "It is sealed with a master secret that is not here: set RINGBACK_MASTER_SECRET to the server's",
    )
  if (error instanceof RangeError || error instanceof MasterSecretUnknownError) throw new CommandError(error.message)
  throw error
}
