/** A file of the docs page, as the build writes it: text, or bytes. */
declare module '#docs-page/*' {
  const content: string | Uint8Array
  export default content
}
