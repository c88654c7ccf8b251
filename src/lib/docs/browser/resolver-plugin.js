/**
 * A Swagger UI plugin: what resolves a part of the document gets only what this part refers to. It reads all that it gets
 * each time, which takes seconds of a document of forty operations.
 */
window.RingbackResolverPlugin = () => {
  const COMPONENT = /^#\/components\/([^/]+)\/([^/]+)$/

  /** The components that `part` refers to, at any depth; undefined where it refers to something else. */
  function componentsOf(part, all) {
    const found = {}
    const open = [part]
    while (open.length > 0) {
      const value = open.pop()
      if (typeof value !== 'object' || value === null) continue
      if (typeof value.$ref === 'string' && !COMPONENT.test(value.$ref)) return undefined
      for (const inner of Object.values(value)) {
        const [, kind, name] = (typeof inner === 'string' && COMPONENT.exec(inner)) || []
        if (kind === undefined) open.push(inner)
        else if (all[kind]?.[name] !== undefined && found[kind]?.[name] === undefined) {
          found[kind] = { ...found[kind], [name]: all[kind][name] }
          open.push(all[kind][name])
        }
      }
    }
    return found
  }

  /** A document that resolves to the same at `path`. */
  function smaller(document, [place, name]) {
    const { paths = {}, webhooks, components = {}, ...rest } = document
    if (name === undefined || (place !== 'paths' && place !== 'components')) return document
    const part = document[place]?.[name]
    const found = componentsOf([part, rest], components)
    if (found === undefined) return document
    if (place === 'components')
      return { ...rest, paths: {}, components: part === undefined ? found : { ...found, [name]: part } }
    return { ...rest, paths: part === undefined ? {} : { [name]: part }, components: found }
  }

  return {
    afterLoad({ fn: { resolveSubtree } }) {
      this.fn.resolveSubtree = (document, path, options) => resolveSubtree(smaller(document, path), path, options)
    },
  }
}
