import { z } from 'zod'

/** What the invoice application loads with any framework: Zod, from a file in TypeScript. */
export const Invoice: z.ZodType = z.object({
  id: z.string(),
  title: z.string().nullish(),
  customer: z.string(),
  total: z.number(),
})
