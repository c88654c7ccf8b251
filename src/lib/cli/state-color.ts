import type { DeliveryState } from '../delivery/delivery-state.ts'
import type { TerminalColor } from './terminal.ts'

export const stateColor: Readonly<Record<DeliveryState, TerminalColor>> = {
  scheduled: 'yellow',
  attempting: 'cyan',
  delivered: 'green',
  failed: 'red',
  blocked: 'red',
  cancelled: 'gray',
}
