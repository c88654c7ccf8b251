import { textLines } from './text-lines.ts'

/**
 * The values of a response of `jsonLines`, each as soon as it has come. Leaving the loop ends the stream, as a client does
 * that goes away. Throws a `SyntaxError` for a line that is not JSON.
 *
 * @example
 * ```ts
 * import { jsonLines, Ringback } from 'ringback'
 * import { readJsonLines, testClient } from 'ringback/testing'
 * import { z } from 'zod'
 *
 * const app = new Ringback({ title: 'Numbers', version: '1.0.0' })
 * app.get('/numbers', { response: jsonLines(z.number()) }, function* () {
 *   for (let number = 1; ; number++) yield number
 * })
 *
 * await using client = await testClient(app)
 * for await (const number of readJsonLines(await client.get('/numbers'))) {
 *   console.log(number) // 1
 *   break
 * }
 * ```
 */
export async function* readJsonLines(response: Response): AsyncGenerator<unknown, void> {
  for await (const line of textLines(response, /\n/, true)) if (line.trim() !== '') yield JSON.parse(line) as unknown
}
