// Bare Node: the least that responds to a request.
import { createServer } from 'node:http'

createServer((_, response) => response.end('{"msg":"Invoice received"}')).listen(Number(process.env.PORT), '127.0.0.1')

// A killed process writes no compile cache.
process.once('SIGINT', () => process.exit())
