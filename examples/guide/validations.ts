import { Ringback } from 'ringback'
import { serve } from 'ringback/node'
import { z } from 'zod'

export const app = new Ringback({ title: 'Harbour', version: '1.0.0' })

// Two letters for the harbour, a space, and digits.
const Registration = z
  .string()
  .regex(/^[A-Z]{2} \d{1,4}$/)
  .meta({ title: 'Registration', description: 'Letters of the harbour, a space, and a number', examples: ['HH 1291'] })

const Search = z.object({
  text: z.string().min(3).max(50),
  registration: Registration.optional(),
  pier: z
    .array(z.enum(['north', 'south']))
    .min(1)
    .max(2)
    .default(['north']),
  // A minus cannot stand in a name of TypeScript, but in quotes it can.
  'longer-than': z.number().gt(0).lt(200).optional(),
  places: z.int().min(1).max(12).multipleOf(2).default(2),
  // Old clients still send it.
  order: z.string().optional().meta({ deprecated: true }),
})

// A rule of your own, with a message of your own.
const NotSunday = z.iso
  .date()
  .refine(day => new Date(day).getUTCDay() !== 0, 'The harbour office is closed on Sundays')
  .meta({ description: 'Any day but Sunday' })

app.get('/search', { query: Search, response: Search }, async function search({ query }) {
  return query
})

app.get(
  '/office/{day}',
  { params: z.object({ day: NotSunday }), response: z.string() },
  async function readOffice({ params }) {
    return `The office is open on ${params.day}`
  },
)

if (import.meta.main) await serve(app)
