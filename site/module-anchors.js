import { MarkdownPageEvent, ModuleRouter } from 'typedoc-plugin-markdown'

/**
 * Gives a heading of the API reference the anchor that it has on the page. The plugin's router also reserves one for each
 * member by its full name, which no page shows: `Ringback.options` would take `ringbackoptions` from `RingbackOptions`.
 */
export function load(app) {
  app.renderer.defineRouter('module-anchors', AnchorsAsShown)
  // Rows of tables get anchors as HTML, which pages have none of, and no link leads there.
  app.renderer.on(MarkdownPageEvent.END, page => {
    page.contents = page.contents?.replaceAll(/<a id="[^"]*"><\/a> ?/g, '')
  })
}

class AnchorsAsShown extends ModuleRouter {
  getSlugger(target) {
    const slugger = super.getSlugger(target)
    return { slug: name => slugger.slug(name.replaceAll('.', '-')) }
  }
}
