import { GrowingBytes } from '../../json/growing-bytes.ts'
import type { BodySource } from './body-source.ts'
import { ContentTooLargeError } from './content-too-large-error.ts'

/** Readers of a stream keep its chunks, so after this many of them they are passed on in blocks. */
const SINGLE_CHUNKS = 1_000
const BLOCK_BYTES = 16_384

/**
 * A body that fails with `ContentTooLargeError` beyond the limit; `announcedBytes` is its content length. Its source is
 * opened when someone reads.
 */
export function limitedSource(open: () => BodySource, announcedBytes: number, limitBytes: number): BodySource {
  let source: BodySource | undefined
  let length = 0
  let chunks = 0
  const read = async (from: BodySource): Promise<Uint8Array | undefined> => {
    const chunk = await from.read()
    chunks += 1
    length += chunk?.length ?? 0
    if (length <= limitBytes) return chunk
    from.drop()
    throw new ContentTooLargeError(limitBytes)
  }
  const readBlock = async (from: BodySource): Promise<Uint8Array | undefined> => {
    const first = await read(from)
    if (chunks <= SINGLE_CHUNKS || first === undefined || first.length >= BLOCK_BYTES) return first
    const block = new GrowingBytes()
    let chunk: Uint8Array | undefined = first
    for (; chunk !== undefined; chunk = await read(from)) {
      block.add(chunk)
      if (block.length >= BLOCK_BYTES) break
    }
    return block.taken()
  }
  return {
    async read() {
      if (announcedBytes > limitBytes) throw new ContentTooLargeError(limitBytes)
      source ??= open()
      return readBlock(source)
    },
    drop: () => source?.drop(),
  }
}

/** The same as a stream. */
export function limitedBody(
  open: () => BodySource,
  announcedBytes: number,
  limitBytes: number,
): ReadableStream<Uint8Array> {
  const source = limitedSource(open, announcedBytes, limitBytes)
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const block = await source.read()
        if (block === undefined) controller.close()
        else controller.enqueue(block)
      },
      cancel: () => source.drop(),
    },
    { highWaterMark: 0 },
  )
}
