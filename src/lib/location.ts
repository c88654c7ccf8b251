import { once } from './once.ts'

/**
 * The folder of this file, from the sources as from what is built of them: files that are read at run time are named from
 * here. Found when it is asked for, since a bundle has no such place.
 */
export const lib = once(() => new URL('./', import.meta.url))
