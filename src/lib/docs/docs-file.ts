/** A file that pages load, as a module that the build makes: it can be read where there are no files, too. */
export type DocsFile = Promise<{ readonly default: string | Uint8Array }>

/** Reads such a file. */
export async function readDocsFile(load: () => DocsFile): Promise<Uint8Array> {
  const { default: content } = await load()
  return typeof content === 'string' ? Buffer.from(content) : content
}
