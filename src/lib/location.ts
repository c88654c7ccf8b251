/** The folder of this file, from the sources as from what is built of them: files that are read at run time are named from here. */
export const lib = new URL('./', import.meta.url)
