import { serve } from 'ringback/node'
import { z } from 'zod'
import { announce } from '../process/parent.ts'
import { createApi } from './ringback-api.ts'

const { port } = await serve(
  createApi(schema => z.compile(schema)),
  { port: 0, host: '127.0.0.1' },
)
announce({ port })
