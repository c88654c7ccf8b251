import { arktypeFacts } from './arktype-facts.ts'
import type { LibraryFacts } from './library-facts.ts'
import { valibotFacts } from './valibot-facts.ts'
import { zodFacts } from './zod-facts.ts'

const OTHERS: LibraryFacts = {
  madeUpName: /^__schema\d+$/,
  nameKeyword: '$id',
  remedy: 'use a type that JSON has, such as text with a format',
  missing: 'use a library that implements Standard JSON Schema',
}

const FACTS: ReadonlyMap<string, LibraryFacts> = new Map([
  ['zod', zodFacts],
  ['arktype', arktypeFacts],
  ['valibot', valibotFacts],
  [
    'typebox',
    {
      ...OTHERS,
      remedy:
        'use a type that JSON has, such as Type.String({ format: "date-time" }), or use Type.Unknown() where anything is allowed',
      prepare: source => (source as { readonly '~prepare'?: () => unknown })['~prepare']?.(),
      allows: source => (source as { readonly '~allows'?: (value: unknown) => boolean })['~allows'],
    },
  ],
])

/** The peculiarities of the library with this vendor name. */
export const factsOf = (vendor: string): LibraryFacts => FACTS.get(vendor) ?? OTHERS
