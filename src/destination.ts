export { DestinationRefusedError } from './lib/destination/destination-refused-error.ts'
export { DestinationRuleError } from './lib/destination/destination-rule-error.ts'
export {
  createDestinationPolicy,
  type DestinationPolicy,
  type DestinationPolicyOptions,
} from './lib/destination/policy.ts'
export type { ProxyRule } from './lib/destination/proxy-rule.ts'
export type { CheckedDestination, DestinationRules, Resolver } from './lib/destination/rules.ts'
export type { Pem, TlsRule } from './lib/destination/tls-rules.ts'
export { CallbackTimeoutError } from './lib/destination/transport/callback-timeout-error.ts'
export {
  CallbackUnreachableError,
  type UnreachableReason,
} from './lib/destination/transport/callback-unreachable-error.ts'
export { createGuardedTransport, type GuardedTransportOptions } from './lib/destination/transport/guarded-transport.ts'
export type {
  Destination,
  IncomingResponse,
  OutgoingRequest,
  Transport,
  TransportOptions,
} from './lib/destination/transport/transport.ts'
export type { UnreachableDetail } from './lib/destination/transport/unreachable-detail.ts'
export type {
  AddressVerdict,
  DestinationRefusal,
  DestinationVerdict,
  RefusedDestination,
} from './lib/destination/verdict.ts'
