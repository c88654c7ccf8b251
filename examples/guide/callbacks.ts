import { callback, Ringback } from 'ringback'
import { serve } from 'ringback/node'
import { z } from 'zod'

const Survey = z.object({ boat: z.string(), pages: z.int().min(1) }).meta({ id: 'Survey' })
const SurveyDone = z.object({ passed: z.boolean(), remarks: z.string() }).meta({ id: 'SurveyDone' })
const Heard = z.object({ ok: z.boolean() }).meta({ id: 'Heard' })

// What we send later, and where: to the URL that the client gave, with the boat's name behind it.
const surveyDone = callback.post('{$callback_url}/boats/{$request.body.boat}', {
  summary: 'A survey is done',
  body: SurveyDone,
  response: Heard,
})

export const app = new Ringback({ title: 'Surveys', version: '1.0.0' })

app.post(
  '/surveys',
  {
    query: z.object({ callback_url: z.url().optional() }),
    body: Survey,
    status: 202,
    response: z.object({ message: z.string() }),
    callbacks: { surveyDone },
  },
  async function orderSurvey({ body, callbacks }) {
    // Undefined where the client gave no URL, and its type says so.
    await callbacks.surveyDone?.send({ passed: body.pages > 2, remarks: `${body.pages} pages read` })
    return { message: `The survey of ${body.boat} is ordered` }
  },
)

/** The other side, which somebody else would write. */
export const receiver = new Ringback({ title: 'A shipyard', version: '1.0.0' })

receiver.post(
  '/events/boats/{boat}',
  { body: SurveyDone, response: Heard },
  async function hear({ params, body, log }) {
    log.info(`${params.boat}: ${body.passed ? 'passed' : 'failed'}, ${body.remarks}`)
    return { ok: true }
  },
)

if (import.meta.main) {
  await serve(receiver, { port: 9000 })
  // Callbacks to this machine are refused otherwise.
  await serve(app, { allowLoopback: true })
}
