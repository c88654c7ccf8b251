import type { Page } from 'playwright-core'

/** Roles whose elements say nothing without a name (WCAG 4.1.2). */
const NAMED = new Set([
  'button',
  'link',
  'textbox',
  'searchbox',
  'combobox',
  'radio',
  'checkbox',
  'tab',
  'dialog',
  'image',
  'table',
])

/** What is wrong below an element: names, contrast, sizes of targets, and the order of headings. */
export async function accessibilityFaults(page: Page, root = 'body'): Promise<string[]> {
  return [...(await namelessIn(page, root)), ...(await page.evaluate(visibleFaults, root))]
}

/** By Chromium's own accessibility tree. */
async function namelessIn(page: Page, root: string): Promise<string[]> {
  const session = await page.context().newCDPSession(page)
  await session.send('Accessibility.enable')
  const { root: document } = await session.send('DOM.getDocument', { depth: 0 })
  const { nodeId } = await session.send('DOM.querySelector', { nodeId: document.nodeId, selector: root })
  const { nodes } = await session.send('Accessibility.queryAXTree', { nodeId })
  await session.detach()
  return nodes
    .filter(
      ({ ignored, role, name }) => !ignored && NAMED.has(String(role?.value)) && !String(name?.value ?? '').trim(),
    )
    .map(({ role }) => `A ${role?.value} has no name`)
}

/** Runs in the page. */
function visibleFaults(root: string): string[] {
  const faults: string[] = []
  const inside = document.querySelector(root)!
  const canvas = document.createElement('canvas').getContext('2d', { willReadFrequently: true })!
  /** Whatever form a colour is written in. */
  const channels = (colour: string): [number, number, number, number] => {
    canvas.clearRect(0, 0, 1, 1)
    canvas.fillStyle = colour
    canvas.fillRect(0, 0, 1, 1)
    const [red = 0, green = 0, blue = 0, alpha = 0] = canvas.getImageData(0, 0, 1, 1).data
    return [red, green, blue, alpha / 255]
  }
  const luminance = (colour: readonly number[]) => {
    const [red = 0, green = 0, blue = 0] = colour.map(value => {
      const part = value / 255
      return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4
    })
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
  }
  const backgroundOf = (element: Element): number[] => {
    const layers: [number, number, number, number][] = []
    for (let at: Element | null = element; at !== null; at = at.parentElement) {
      const layer = channels(getComputedStyle(at).backgroundColor)
      if (layer[3] > 0) layers.push(layer)
      if (layer[3] === 1) break
    }
    return layers.reduceRight<number[]>(
      (below, [red, green, blue, alpha]) =>
        [red, green, blue].map((value, index) => value * alpha + (below[index] ?? 255) * (1 - alpha)),
      [255, 255, 255],
    )
  }
  const isShown = (element: Element) => {
    const { visibility, clipPath } = getComputedStyle(element)
    const { width, height } = element.getBoundingClientRect()
    return (
      visibility === 'visible' &&
      clipPath === 'none' &&
      width > 1 &&
      height > 1 &&
      element.closest('.hidden, .rb-hidden, [aria-disabled=true]') === null
    )
  }
  const texts = document.createTreeWalker(inside, NodeFilter.SHOW_TEXT)
  for (let node = texts.nextNode(); node !== null; node = texts.nextNode()) {
    const element = node.parentElement
    if (element === null || node.textContent?.trim() === '' || !isShown(element)) continue
    const { color, fontSize, fontWeight } = getComputedStyle(element)
    const [one, other] = [luminance(channels(color)), luminance(backgroundOf(element))].sort((a, b) => b - a) as [
      number,
      number,
    ]
    const ratio = (one + 0.05) / (other + 0.05)
    const isLarge =
      Number.parseFloat(fontSize) >= 24 || (Number.parseFloat(fontSize) >= 18.66 && Number(fontWeight) >= 700)
    if (ratio < (isLarge ? 3 : 4.5))
      faults.push(`"${node.textContent?.trim().slice(0, 40)}" has a contrast of ${ratio.toFixed(2)}`)
  }
  for (const target of inside.querySelectorAll('button, input, select, summary')) {
    const { width, height } = target.getBoundingClientRect()
    const isRadio = target instanceof HTMLInputElement && target.type === 'radio'
    if (isShown(target) && !isRadio && (width < 24 || height < 20))
      faults.push(`"${target.textContent}" is ${width} × ${height} px`)
  }
  if (document.documentElement.scrollWidth > innerWidth) faults.push('The page is wider than the screen')
  if (inside === document.body) {
    const headings = [...inside.querySelectorAll('h1, h2, h3')].map(({ tagName }) => Number(tagName[1]))
    if (headings.filter(level => level === 1).length !== 1) faults.push('There is not one h1')
    if (headings.some((level, index) => level > (headings[index - 1] ?? 0) + 1))
      faults.push(`Headings skip: ${headings}`)
    if (inside.querySelectorAll('main').length !== 1) faults.push('There is not one main')
  }
  return [...new Set(faults)]
}
