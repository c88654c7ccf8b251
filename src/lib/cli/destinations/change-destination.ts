import type { DestinationRecipient } from '../../delivery/destinations.ts'
import { CommandError } from '../command-error.ts'
import type { StoreOptions } from '../deliveries-options.ts'
import { printJson, printLines } from '../terminal.ts'
import { withDestinations } from './with-destinations.ts'

type Options = StoreOptions & DestinationRecipient

/** `ringback destinations pause` */
export async function pauseDestination(
  url: string,
  { store, json, ...pause }: Options & { readonly reason: string; readonly by: string },
): Promise<void> {
  tell(url, await withDestinations(store, destinations => destinations.pause(url, pause)), { json, done: 'Paused' })
}

/** `ringback destinations resume` */
export async function resumeDestination(url: string, { store, json, ...of }: Options): Promise<void> {
  tell(url, await withDestinations(store, destinations => destinations.resume(url, of)), { json, done: 'Resumed' })
}

/** `ringback destinations update`; a rate that is false is taken away. */
export async function updateDestination(
  url: string,
  { store, json, rate, recipient }: Options & { readonly rate: number | false },
): Promise<void> {
  const options = { ratePerSecond: rate === false ? undefined : rate, recipient }
  tell(url, await withDestinations(store, destinations => destinations.update(url, options)), {
    json,
    done: 'Updated',
  })
}

function tell(
  url: string,
  changed: number,
  { json, done }: { readonly json: boolean | undefined; readonly done: string },
): void {
  if (changed === 0) throw new CommandError(`There is no destination "${url}"`)
  if (json) printJson({ changed })
  else printLines([`${done} ${changed === 1 ? url : `${changed} destinations at ${url}`}`])
}
