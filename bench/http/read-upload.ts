import type { Readable } from 'node:stream'
import { Busboy } from '@fastify/busboy'

/** Reads the form of the upload by the parser that Ringback uses, too, and counts the bytes of its file. */
export async function readUpload(body: Readable, contentType: string): Promise<{ title: string; size: number }> {
  const { promise, resolve, reject } = Promise.withResolvers<{ title: string; size: number }>()
  const parser = new Busboy({ headers: { 'content-type': contentType } })
  const upload = { title: '', size: 0 }
  parser.on('field', (name, value) => {
    if (name === 'title') upload.title = value
  })
  parser.on('file', (_name, file) => {
    file.on('data', (chunk: Buffer) => {
      upload.size += chunk.length
    })
  })
  parser.on('finish', () => resolve(upload))
  parser.on('error', reject)
  body.pipe(parser)
  return promise
}
