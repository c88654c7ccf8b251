import { ModuleRouter } from 'typedoc-plugin-markdown'

/**
 * Gives a heading of the API reference the anchor that it has on the page. The plugin's router also reserves one for each
 * member by its full name, which no page shows: `Ringback.options` would take `ringbackoptions` from `RingbackOptions`.
 */
export function load(app) {
  app.renderer.defineRouter('module-anchors', AnchorsAsShown)
}

class AnchorsAsShown extends ModuleRouter {
  getSlugger(target) {
    const slugger = super.getSlugger(target)
    return { slug: name => slugger.slug(name.replaceAll('.', '-')) }
  }
}
