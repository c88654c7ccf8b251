/** The schema libraries whose schemas are fuzzed. */
export const libraries = ['zod', 'valibot', 'arktype', 'typebox'] as const

export type Library = (typeof libraries)[number]
