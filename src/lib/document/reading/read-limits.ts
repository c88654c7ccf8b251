/** How much of a document is read at most, all its files together. */
export interface ReadLimits {
  /** 1,000 by default. */
  readonly files: number
  /** 50 MB by default. */
  readonly bytes: number
  /** For one file from the network; 10 s by default. */
  readonly fetchMs: number
  /** For all files from the network together; 60 s by default. */
  readonly allFetchesMs: number
}

export const usualLimits: ReadLimits = { files: 1_000, bytes: 50_000_000, fetchMs: 10_000, allFetchesMs: 60_000 }
