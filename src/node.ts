export type { ServableApp } from './lib/node/servable-app.ts'
export type { ServedApp } from './lib/node/serve.ts'
export { serve } from './lib/node/serve.ts'
export type { ServeOptions } from './lib/node/serve-options.ts'
