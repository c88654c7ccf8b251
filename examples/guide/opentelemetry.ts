import { context, trace } from '@opentelemetry/api'
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks'
import { type ReadableSpan, SimpleSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace'
import { Ringback } from 'ringback'
import { serve } from 'ringback/node'
import { z } from 'zod'

// An exporter that writes to the console; in earnest one of OpenTelemetry's own sends to a collector.
const exporter = {
  export(spans: ReadableSpan[], done: (result: { code: number }) => void) {
    for (const { name, attributes } of spans) console.log(`span ${name}:`, attributes)
    done({ code: 0 })
  },
  async forceFlush() {},
  async shutdown() {},
}

// Before the first request.
const provider = new TracerProvider({ spanProcessors: [new SimpleSpanProcessor({ exporter })] })
trace.setGlobalTracerProvider(provider)
context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable())

export const app = new Ringback({
  title: 'Harbour',
  version: '1.0.0',
  // What is not yet sent, is sent at the end.
  async *lifespan() {
    yield
    await provider.shutdown()
    trace.disable()
    context.disable()
  },
})

const Depth = z.object({ metres: z.number() })

app.get('/depths/{pier}', { response: Depth }, async function readDepth({ params }) {
  // A span of your own, inside of the request's.
  return trace.getTracer('harbour').startActiveSpan('read depth', async span => {
    span.setAttribute('pier', params.pier)
    span.end()
    return { metres: 4.5 }
  })
})

if (import.meta.main) await serve(app)
