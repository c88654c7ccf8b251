import { createRequire } from 'node:module'
import type { Page } from 'playwright-core'

/** What the engine says of an element. */
interface Finding {
  readonly ruleId: string
  readonly value: readonly [policy: string, outcome: string]
  readonly message: string
  readonly path: { readonly dom: string }
}

interface Engine {
  readonly Checker: new () => {
    check(document: unknown, guidelines: readonly string[]): Promise<{ readonly results: readonly Finding[] }>
  }
}

const engine = createRequire(import.meta.url).resolve('accessibility-checker-engine/ace.js')

/**
 * What breaks WCAG 2.2 A or AA on an open page, by the rules of IBM Equal Access: only what certainly fails, not what a
 * person should look at. axe-core would be the usual engine, but its licence is none that this project takes.
 */
export async function accessibilityFaults(page: Page): Promise<string[]> {
  await page.addScriptTag({ path: engine })
  return page.evaluate(async () => {
    const { ace } = globalThis as unknown as { ace: Engine }
    const { results } = await new ace.Checker().check(document, ['WCAG_2_2'])
    return results
      .filter(({ value: [policy, outcome] }) => policy === 'VIOLATION' && outcome === 'FAIL')
      .map(({ ruleId, message, path }) => `${ruleId}: ${message} (${path.dom})`)
  })
}
