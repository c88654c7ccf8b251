import { dependency, Ringback } from 'ringback'
import { serve } from 'ringback/node'
import { z } from 'zod'

const Settings = z.object({
  HARBOUR_NAME: z.string().default('Visby'),
  // Environment variables are text.
  BERTHS: z.coerce.number().int().min(1).default(40),
  OFFICE_EMAIL: z.email().default('office@harbour.example'),
  // "true", "false", "1", "0", "on", "off"
  QUIET: z.stringbool().default(false),
})

/** Read once, at the start: a mistake ends the program, and says which variable it is. */
export function readSettings(environment: NodeJS.ProcessEnv): z.output<typeof Settings> {
  const { data, error } = Settings.safeParse(environment)
  if (error === undefined) return data
  throw new Error(`The environment is not right:\n${z.prettifyError(error)}`)
}

const given = readSettings(process.env)

// As a dependency, a test can replace them.
export const settings = dependency({ scope: 'app' }, () => given)

export const app = new Ringback({ title: given.HARBOUR_NAME, version: '1.0.0' })

const About = z.object({ name: z.string(), berths: z.int(), email: z.string() })

app.get('/about', { dependencies: { settings }, response: About }, async function readAbout({ settings }) {
  return { name: settings.HARBOUR_NAME, berths: settings.BERTHS, email: settings.OFFICE_EMAIL }
})

if (import.meta.main) await serve(app)
