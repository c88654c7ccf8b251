import { createEngine } from '../isolation/engine.ts'
import { announce } from '../process/parent.ts'

/** One more process that delivers what the sender stores. */
const [database = ''] = process.argv.slice(2)
const delivery = createEngine(database)
await delivery.start()
announce('ready', () => delivery.close({ graceMs: 0 }))
