import { checkNames } from '../../definition/check-names.ts'
import { DefinitionError } from '../../definition/definition-error.ts'
import { quoted } from '../../definition/quoted.ts'
import type { EndpointOptions } from './endpoint.ts'
import type { HealthRules } from './endpoint-health.ts'

const NAMES: Readonly<Record<keyof EndpointOptions, true>> = {
  maxPerOwner: true,
  failingAfterSeconds: true,
  disableAfterSeconds: true,
  disableAfterAttempts: true,
  overlapSeconds: true,
  onFailing: true,
  onDisabled: true,
  onRecovered: true,
}

/** The range of each number, and what it is if nothing is said. */
const numbers = {
  maxPerOwner: { least: 1, most: 1_000_000, usual: 50 },
  failingAfterSeconds: { least: 1, most: 31_536_000, usual: 86_400 },
  disableAfterSeconds: { least: 60, most: 31_536_000, usual: 432_000 },
  disableAfterAttempts: { least: 1, most: 1_000_000, usual: 10 },
  overlapSeconds: { least: 0, most: 604_800, usual: 86_400 },
} as const

/** Refuses options that endpoints could not be treated by. Throws a `DefinitionError`. */
export function checkEndpointOptions(options: EndpointOptions): void {
  checkNames(options, NAMES, '"endpoints"')
  for (const [name, { least, most }] of Object.entries(numbers)) {
    const given = options[name as keyof typeof numbers]
    if (given === undefined || (typeof given === 'number' && given >= least && given <= most)) continue
    throw new DefinitionError(`"endpoints.${name}" is ${quoted(given)}; give a number from ${least} to ${most}`)
  }
  for (const name of ['onFailing', 'onDisabled', 'onRecovered'] as const)
    if (options[name] !== undefined && typeof options[name] !== 'function')
      throw new DefinitionError(`"endpoints.${name}" is ${quoted(options[name])}, not a function`)
}

/** A number of the options, or what it usually is. */
export function endpointNumber(name: keyof typeof numbers, options: EndpointOptions = {}): number {
  return options[name] ?? numbers[name].usual
}

/** When endpoints count as failing, and are disabled. */
export function healthRulesOf(options?: EndpointOptions): HealthRules {
  return {
    failingAfterMs: endpointNumber('failingAfterSeconds', options) * 1_000,
    disableAfterMs: endpointNumber('disableAfterSeconds', options) * 1_000,
    disableAfterAttempts: endpointNumber('disableAfterAttempts', options),
  }
}
