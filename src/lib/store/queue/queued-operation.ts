import type { DeliveryStore } from '../../delivery/delivery-store.ts'

/** The operations of the store's port that do work in the database. */
export type OperationName = Exclude<keyof DeliveryStore, 'location' | 'wipe' | 'close' | 'watch'>

/** What an operation is asked, and what it answers: plain data, so that it can cross to another thread. */
export type OperationRequest<Name extends OperationName> = Parameters<DeliveryStore[Name]>[0]
export type OperationResult<Name extends OperationName> = Awaited<ReturnType<DeliveryStore[Name]>>

/** An operation that waits for its commit. */
export interface QueuedOperation {
  /** `wipe` is done after the others are committed. */
  readonly name: OperationName | 'wipe'
  readonly request: unknown
  /** Wall-clock time after which it is not begun any more. */
  readonly deadline: number
}

/** How an operation ended: with a value, or without having changed anything. */
export type OperationAnswer =
  | { readonly value: unknown }
  | { readonly unavailable: string; readonly lasting?: boolean | undefined }
