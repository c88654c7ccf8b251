import { Ringback } from '../src/index.ts'
import { type ServedApp, serve } from '../src/node.ts'
import { RecordingLog } from '../test/support/recording-log.ts'

/** Serves the built site on this machine below `base`, as any host of files would. */
export function serveSite(folder: string, base: string): Promise<ServedApp> {
  const app = new Ringback({ title: 'The site', version: '1.0.0', docs: false, log: new RecordingLog() })
  app.static(base.replace(/\/$/, ''), folder)
  return serve(app, { port: 0, host: '127.0.0.1', signals: false })
}
