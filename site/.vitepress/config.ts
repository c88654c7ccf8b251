import { copyFileSync, globSync, mkdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { defineConfig, type MarkdownEnv } from 'vitepress'
import { root } from '../../scripts/root.ts'
import { accessibleTheme } from '../accessible-theme.ts'
import { headingAnchor } from '../heading-anchor.ts'
import { linkTarget, repositoryUrl } from '../link-target.ts'
import { searchedHtml } from '../searched-html.ts'
import { sidebar } from '../sidebar.ts'
import { sitePath } from '../site-path.ts'

const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
const repository = repositoryUrl(manifest)
const guideReadme = readFileSync(join(root, 'docs/guide/README.md'), 'utf8')

const markdownFiles = globSync('**/*.md', {
  cwd: root,
  exclude: ['**/node_modules', '**/dist', '**/dist-*', '.git', 'bench/peers'],
})
const vue = join(root, 'site/node_modules/vue')
const files = new Set<string>()

/** The source of a page, relative to the repository: with rewrites, `path` is where it seems to be. */
const pageOf = ({ realPath, path }: MarkdownEnv): string => relative(root, realPath ?? path)

export default defineConfig({
  title: 'Ringback',
  description: manifest.description,
  lang: 'en',
  srcDir: root,
  outDir: join(root, 'site/dist'),
  cacheDir: join(root, 'site/node_modules/.cache/vitepress'),
  srcExclude: markdownFiles.filter(file => sitePath(file) === undefined),
  rewrites: Object.fromEntries(markdownFiles.flatMap(file => [[file, sitePath(file)]]).filter(([, place]) => place)),
  head: [['link', { rel: 'icon', href: 'data:image/svg+xml,<svg xmlns="http://www.w3.org/2000/svg"/>' }]],
  // The test follows every link and anchor, those into /files/ too.
  ignoreDeadLinks: [/^http:\/\/localhost/, /^\/files\//],
  buildEnd({ outDir }) {
    for (const file of files) {
      const target = join(outDir, 'files', `${file}.txt`)
      mkdirSync(dirname(target), { recursive: true })
      copyFileSync(join(root, file), target)
    }
  },
  markdown: {
    // The usual ones are too pale on the ground of the code.
    theme: { light: 'github-light-high-contrast', dark: 'github-dark-high-contrast' },
    anchor: { slugify: headingAnchor },
    // Pages are written for GitHub: what is no Markdown there is none here.
    html: false,
    attrs: { disable: true },
    config(md) {
      md.disable(['emoji'], true)
      // Braces of a page are text, never code of Vue. The theme's own components have real ones.
      const render = md.renderer.render.bind(md.renderer)
      md.renderer.render = (...page) => render(...page).replaceAll(/\{(?=\{)/g, '&#123;')
      md.core.ruler.push('repository-links', ({ tokens, env }) => {
        for (const token of tokens.flatMap(({ children }) => children ?? [])) {
          const href = token.type === 'link_open' ? token.attrGet('href') : null
          if (href === null) continue
          const target = linkTarget(href, pageOf(env), repository)
          token.attrSet('href', target.href)
          if (target.file !== undefined) files.add(target.file)
        }
      })
    },
  },
  // Pages lie outside of this folder, where Vue is not found from their places.
  vite: {
    plugins: [accessibleTheme],
    resolve: {
      alias: [
        { find: 'vue/server-renderer', replacement: join(vue, 'server-renderer/index.mjs') },
        { find: /^vue$/, replacement: join(vue, 'dist/vue.runtime.esm-bundler.js') },
      ],
    },
  },
  themeConfig: {
    nav: [
      { text: 'Guide', link: '/guide/', activeMatch: '/guide/' },
      { text: 'API', link: '/api/', activeMatch: '/api/' },
      { text: manifest.version, link: '/project/changelog' },
    ],
    sidebar: sidebar(),
    outline: [2, 3],
    externalLinkIcon: true,
    ...(repository === undefined ? {} : { socialLinks: [{ icon: 'github', link: repository }] }),
    search: {
      provider: 'local',
      options: {
        // A page of the guide says what a member of the reference only names.
        miniSearch: { searchOptions: { boostDocument: id => (id.includes('/guide/') ? 3 : 1) } },
        _render(source, env, md) {
          // Search needs no colours, and colouring is most of the work.
          const { highlight } = md.options
          md.options.highlight = null
          const html = md.render(source, env)
          md.options.highlight = highlight ?? null
          return searchedHtml(html, pageOf(env), guideReadme)
        },
      },
    },
  },
})
