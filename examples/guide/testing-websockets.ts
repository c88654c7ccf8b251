import { dependency, HttpError, Ringback } from 'ringback'
import { serve } from 'ringback/node'
import { httpBearer } from 'ringback/security'
import { z } from 'zod'

export const app = new Ringback({ title: 'Harbour', version: '1.0.0' })

/** Who measures. */
export const pilot = dependency({ dependencies: { token: httpBearer() } }, ({ token }) => {
  if (token !== 'a-token-of-ada') throw new HttpError(401, 'Unknown token')
  return 'Ada'
})

const Sounding = z.object({ metres: z.number().gt(0) })
const Average = z.object({ pilot: z.string(), average: z.number() })

app.websocket(
  '/soundings',
  { dependencies: { pilot }, receive: Sounding, send: Average },
  async function sound({ socket, pilot }) {
    const depths: number[] = []
    for await (const { metres } of socket) {
      depths.push(metres)
      await socket.send({ pilot, average: depths.reduce((sum, one) => sum + one) / depths.length })
      if (metres < 2) return socket.close(4000, 'Too shallow')
    }
  },
)

app.get('/draught', { response: z.number() }, async function readDraught() {
  return 1.8
})

if (import.meta.main) await serve(app)
