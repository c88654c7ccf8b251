import { Converter, ReflectionKind } from 'typedoc'

/** Names the modules of the API reference as they are imported: `src/node.ts` is `ringback/node`. */
export function load(app) {
  app.converter.on(Converter.EVENT_CREATE_DECLARATION, (_context, reflection) => {
    if (!reflection.kindOf(ReflectionKind.Module)) return
    reflection.name = reflection.name === 'index' ? 'ringback' : `ringback/${reflection.name}`
  })
}
