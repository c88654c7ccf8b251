import { equal } from 'node:assert/strict'
import { checkedCases, type HttpCase } from './cases.ts'

/** Sends every case once, and throws where a response is not as expected: a wrong server must not be measured. */
export async function checkResponses(server: string, port: number): Promise<void> {
  for (const httpCase of checkedCases) {
    try {
      await checkResponse(httpCase, port)
    } catch (cause) {
      throw new Error(`The server "${server}" responds to the case "${httpCase.name}" in another way than it must`, {
        cause,
      })
    }
  }
}

async function checkResponse({ request, status, check }: HttpCase, port: number): Promise<void> {
  const { method, target, body, contentType = 'application/json' } = request
  const response = await fetch(`http://127.0.0.1:${port}${target}`, {
    method,
    ...(body !== undefined && { body, headers: { 'content-type': contentType } }),
  })
  const text = await response.text()
  equal(response.status, status, text)
  const isJson = response.headers.get('content-type')?.includes('json') === true
  check(isJson ? JSON.parse(text) : text)
}
