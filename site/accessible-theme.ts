import { basename } from 'node:path'

type Change = readonly [from: string, to: string]

/** What VitePress's own theme lacks for keyboards and screen readers, by component. */
const changes: Readonly<Record<string, readonly Change[]>> = {
  'VPSidebar.vue': [['<aside\n', '<aside aria-labelledby="sidebar-aria-label"\n']],
  // One button for a part of the sidebar, which says whether it is open; not one within another.
  'VPSidebarItem.vue': [
    ["isLink.value ? undefined : 'button'", "isLink.value || !collapsible.value ? undefined : 'button'"],
    ["e.key !== 'Enter'", "e.key !== 'Enter' && e.key !== ' '"],
    ['!props.item.link && toggle()', "'key' in e && e.preventDefault()\n  !props.item.link && toggle()"],
    [':tabindex="item.items && 0"', ':tabindex="itemRole && 0" :aria-expanded="itemRole && !collapsed"'],
    ['role="button"\n        aria-label="toggle section"', ':role="isLink ? \'button\' : undefined"'],
    ['tabindex="0"', ':tabindex="isLink ? 0 : undefined" :aria-label="isLink ? \'toggle section\' : undefined"'],
  ],
  // The style sheet shows the key, which is not what the button is called.
  'VPNavBarSearchButton.vue': [['>K</kbd>', '></kbd>']],
  'VPLocalSearchBox.vue': [
    [
      `role="button"
      :aria-owns="results?.length ? 'localsearch-list' : undefined"
      aria-expanded="true"
      aria-haspopup="listbox"`,
      'role="dialog"\n      aria-modal="true"',
    ],
    ['search-icon local-search-icon" />', '$&<span style="position: absolute; opacity: 0">{{ buttonText }}</span>'],
  ],
}

/** Changes the components of the theme as they are built; fails if a newer VitePress has other ones. */
export const accessibleTheme = {
  name: 'accessible-theme',
  enforce: 'pre',
  transform(code: string, id: string): string | undefined {
    if (!id.includes('/theme-default/components/') || !id.endsWith('.vue')) return
    return changes[basename(id)]?.reduce((text, [from, to]) => {
      if (!text.includes(from))
        throw new Error(`${basename(id)} of VitePress has no "${from}": see site/accessible-theme.ts`)
      return text.replace(from, to)
    }, code)
  },
} as const
