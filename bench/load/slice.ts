import type { LoadRequest } from './request-bytes.ts'

/** One slice of load: which request, to which server, for how long. */
export interface Slice {
  readonly port: number
  /** The process whose CPU time is read at the beginning and the end. */
  readonly pid: number
  readonly request: LoadRequest
  readonly connections: number
  readonly durationMs: number
}

/** The result of a slice. */
export interface SliceResult {
  readonly requests: number
  readonly seconds: number
  readonly cpuSeconds: number
  /** How often each status came. */
  readonly statuses: Readonly<Record<string, number>>
}
