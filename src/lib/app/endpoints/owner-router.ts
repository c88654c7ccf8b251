import type { Dependency } from '../../operation/dependency-set.ts'
import { Router } from '../router.ts'
import type { OwnerCall } from './owner-call.ts'

/** A router whose handlers get the owner's call. */
export type OwnerRouter = Router<'', {}, { readonly '~call': Dependency<OwnerCall> }>

export const ownerRouter = (call: Dependency<OwnerCall>): OwnerRouter => new Router({ dependencies: { '~call': call } })

const NOT_FOUND = { 404: { description: 'There is no such thing, or it is not yours' } } as const

/** The further responses of an operation on one endpoint, delivery or message; `conflicts` says what each code means. */
export const further = (
  conflicts?: string,
): { readonly 404: { readonly description: string }; readonly 409?: { readonly description: string } } =>
  conflicts === undefined ? NOT_FOUND : { ...NOT_FOUND, 409: { description: conflicts } }
