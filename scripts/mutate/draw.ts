import { createHash } from 'node:crypto'

/** `count` of these, drawn by `seed`: the same for the same seed, and the first ones too when more are drawn. */
export function draw<T>(all: readonly T[], seed: string, count: number): T[] {
  const rest = [...all]
  const drawn: T[] = []
  while (drawn.length < count && rest.length > 0) {
    const digest = createHash('sha256').update(`${seed} ${drawn.length}`).digest()
    const index = digest.readUIntBE(0, 6) % rest.length
    drawn.push(rest[index] as T)
    rest[index] = rest.at(-1) as T
    rest.pop()
  }
  return drawn
}
