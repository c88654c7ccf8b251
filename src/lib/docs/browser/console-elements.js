// Text from outside only ever becomes text: nothing here reads it as HTML.

const SVG = 'http://www.w3.org/2000/svg'
const SVG_TAGS = new Set(['svg', 'path', 'rect', 'g', 'title', 'line'])

/** Makes an element from `tag.class.class`, attributes and listeners (`onclick`), and children. */
export function h(name, attributes, ...children) {
  const [tag, ...classes] = name.split('.')
  const element = SVG_TAGS.has(tag) ? document.createElementNS(SVG, tag) : document.createElement(tag)
  if (classes.length > 0) element.setAttribute('class', classes.join(' '))
  for (const [key, value] of Object.entries(attributes ?? {})) {
    if (value === undefined || value === false || value === null) continue
    if (key.startsWith('on')) element.addEventListener(key.slice(2), value)
    else element.setAttribute(key, value === true ? '' : value)
  }
  const given = children
    .flat(9)
    .filter(child => child !== undefined && child !== null && child !== false && child !== '')
  element.append(...given.map(child => (typeof child === 'object' ? child : plain(String(child)))))
  return element
}

/** Control characters, and those that turn the direction of text, as escapes. */
export const plain = text =>
  text.replace(
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
    /[\u0000-\u0008\u000b-\u001f\u007f\u202a-\u202e\u2066-\u2069]/g,
    character => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )

const CIRCLE = 'M8 1.75a6.25 6.25 0 1 0 0 12.5a6.25 6.25 0 1 0 0-12.5'
const PATHS = {
  scheduled: ['M8 4.5V8l2.5 1.5', CIRCLE],
  attempting: ['M2 8h11', 'M9 3.5 13.5 8 9 12.5'],
  delivered: ['M2.5 8.5 6.2 12 13.5 4.2'],
  failed: ['M3.5 3.5l9 9', 'M12.5 3.5l-9 9'],
  blocked: [CIRCLE, 'M3.7 3.7l8.6 8.6'],
  cancelled: ['M3 8h10'],
  retrying: ['M13.5 8A5.5 5.5 0 1 1 11.7 3.9', 'M13.5 2v3.5H10'],
  paused: ['M5.5 3v10', 'M10.5 3v10'],
  slow: ['M2 11.5a6 6 0 0 1 12 0', 'M8 11.5 11 7.5'],
  warn: ['M8 2 14.5 13.5h-13z', 'M8 6.5v3', 'M8 11.6v.1'],
  unplugged: [
    'M2 14l3-3',
    'M4.5 8.5l3 3L6 13a2.1 2.1 0 0 1-3-3z',
    'M11.5 7.5l-3-3L10 3a2.1 2.1 0 0 1 3 3z',
    'M14 2l-1 1',
  ],
  down: ['M4 6l4 4 4-4'],
  close: ['M4 4l8 8', 'M12 4l-8 8'],
  copy: ['M5.5 5.5h8v8h-8z', 'M10.5 2.5h-8v8'],
  search: ['M7 2.5a4.5 4.5 0 1 0 0 9a4.5 4.5 0 1 0 0-9', 'M10.5 10.5 14 14'],
  inbox: ['M2 9h3.5l1 2h3l1-2H14', 'M2 9l2-6h8l2 6v4.5H2z'],
  box: ['M2 4.5c0-1.2 2.7-2 6-2s6 .8 6 2-2.7 2-6 2-6-.8-6-2z', 'M2 4.5v7c0 1.2 2.7 2 6 2s6-.8 6-2v-7'],
}

export const icon = name =>
  h(
    'svg.icon',
    { viewBox: '0 0 16 16', 'aria-hidden': 'true' },
    PATHS[name].map(d => h('path', { d })),
  )

export const codeBlock = (text, label) => h('pre.code', { tabindex: '0', role: 'region', 'aria-label': label }, text)

export const headerTable = (list, label) =>
  h(
    'table.headers',
    { 'aria-label': label },
    h(
      'tbody',
      {},
      list.map(([name, value]) => h('tr', {}, h('th', { scope: 'row' }, name), h('td', {}, masked(value)))),
    ),
  )

/** A masked part looks masked: it is not three real asterisks. */
export const masked = text =>
  String(text)
    .split(/(\*\*\*)/)
    .map(part => (part === '***' ? h('span.masked', { title: 'masked' }, part) : part))

/** The host is what one looks for in a URL. */
export function address(url) {
  const [, scheme, host, rest] = /^([a-z]+:\/\/)([^/?]*)(.*)$/s.exec(url) ?? [undefined, '', url, '']
  return [scheme, h('b', {}, host), masked(rest)]
}
