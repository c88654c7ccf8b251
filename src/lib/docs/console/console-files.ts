import type { DocsFile } from '../docs-file.ts'

/** The files of the console, as modules that the build makes. */
export const CONSOLE_FILES: Readonly<Record<string, () => DocsFile>> = {
  'tokens.css': () => import('#docs-page/tokens.css.js'),
  'console-ground.css': () => import('#docs-page/console-ground.css.js'),
  'console-parts.css': () => import('#docs-page/console-parts.css.js'),
  'console-overview.css': () => import('#docs-page/console-overview.css.js'),
  'console-list.css': () => import('#docs-page/console-list.css.js'),
  'console-delivery.css': () => import('#docs-page/console-delivery.css.js'),
  'console-narrow.css': () => import('#docs-page/console-narrow.css.js'),
  'console.js': () => import('#docs-page/console.js.js'),
  'console-actions.js': () => import('#docs-page/console-actions.js.js'),
  'console-api.js': () => import('#docs-page/console-api.js.js'),
  'console-delivery.js': () => import('#docs-page/console-delivery.js.js'),
  'console-destinations.js': () => import('#docs-page/console-destinations.js.js'),
  'console-elements.js': () => import('#docs-page/console-elements.js.js'),
  'console-filters.js': () => import('#docs-page/console-filters.js.js'),
  'console-frame.js': () => import('#docs-page/console-frame.js.js'),
  'console-list.js': () => import('#docs-page/console-list.js.js'),
  'console-overview.js': () => import('#docs-page/console-overview.js.js'),
  'console-words.js': () => import('#docs-page/console-words.js.js'),
}
