import { readFileSync } from 'node:fs'

const read = (name: string) => readFileSync(new URL(name, import.meta.url), 'utf8')

/** For `bench.test` and every name below it, signed by itself. */
export const certificate = read('bench.test.cert.pem')

export const certificateKey = read('bench.test.key.pem')
