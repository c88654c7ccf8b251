import { HttpError } from '../../http/http-error.ts'

/** The id in a path. Throws an `HttpError` 404 for what cannot be one. */
export function deliveryIdOf(params: Readonly<Record<string, string>>): string {
  const id = params['id'] ?? ''
  if (!/^msg_[\w-]{1,80}$/.test(id)) throw new HttpError(404, 'There is no such delivery')
  return id
}
