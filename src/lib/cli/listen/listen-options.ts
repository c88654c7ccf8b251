import type { DocumentOptions } from '../check/open-document.ts'
import type { VerifierOptions } from './verifier.ts'

/** The options of `ringback listen`; times are milliseconds. */
export interface ListenOptions extends DocumentOptions, VerifierOptions {
  readonly port: number
  readonly host: string
  readonly forward?: URL
  readonly fail?: number
  readonly times?: number
  readonly delay?: number
  readonly record?: string
  readonly replay?: string
  readonly script?: 'misbehave'
  readonly slow: number
  readonly details?: boolean
  readonly json?: boolean
}
