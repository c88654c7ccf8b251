import { dirname } from 'node:path'

/** The directory of the repository. */
export const root: string = dirname(import.meta.dirname)
