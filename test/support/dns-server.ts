import { createSocket, type RemoteInfo } from 'node:dgram'
import { once } from 'node:events'
import { isIP } from 'node:net'

/** The codes of RFC 1035, section 4.1.1, with which a server may answer instead of addresses. */
const errorCodes = { SERVFAIL: 2, NXDOMAIN: 3, REFUSED: 5 } as const

/**
 * The answer to one question: addresses (an empty list is NODATA), an alias for the name and its addresses, an error,
 * no answer at all, or malformed bytes.
 */
export type DnsAnswer =
  | readonly string[]
  | { readonly alias: string; readonly addresses: readonly string[] }
  | keyof typeof errorCodes
  | 'silence'
  | 'garbage'

/** The zone of a server; one with a pending promise is a slow server. */
export type DnsZone = (name: string, type: 'A' | 'AAAA') => DnsAnswer | Promise<DnsAnswer>

/** A name server on loopback (RFC 1035, UDP), in the form of `dns.getServers()`. */
export class DnsServer implements AsyncDisposable {
  /** The questions it received, such as `hooks.test A`. */
  readonly questions: string[] = []
  /** The ports from which they came. */
  readonly ports = new Set<number>()
  readonly #zone: DnsZone
  readonly #socket = createSocket('udp4')

  constructor(zone: DnsZone) {
    this.#zone = zone
    this.#socket.on('message', (query, peer) => void this.#answer(query, peer))
  }

  get server(): string {
    return `127.0.0.1:${this.#socket.address().port}`
  }

  async start(): Promise<this> {
    this.#socket.bind(0, '127.0.0.1')
    await once(this.#socket, 'listening')
    return this
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#socket.close()
  }

  async #answer(query: Buffer, { port, address }: RemoteInfo): Promise<void> {
    const { name, end } = readName(query)
    const type = query.readUInt16BE(end) === 28 ? 'AAAA' : 'A'
    this.questions.push(`${name} ${type}`)
    this.ports.add(port)
    const answer = await this.#zone(name.toLowerCase(), type)
    if (answer === 'silence') return
    const bytes = answer === 'garbage' ? Buffer.from('no answer') : reply(query, end + 4, answer)
    try {
      this.#socket.send(bytes, port, address, () => {})
    } catch {
      // Closed while it was waiting for the answer
    }
  }
}

function readName(query: Buffer): { name: string; end: number } {
  const labels: string[] = []
  let offset = 12
  for (; query[offset] !== 0; offset += query[offset]! + 1)
    labels.push(query.toString('latin1', offset + 1, offset + 1 + query[offset]!))
  return { name: labels.join('.'), end: offset + 1 }
}

/** The question, and after it the records, each for the name before it and with a time to live of 0 seconds. */
function reply(query: Buffer, questionEnd: number, answer: Exclude<DnsAnswer, 'silence' | 'garbage'>): Buffer {
  const code = typeof answer === 'string' ? errorCodes[answer] : 0
  const alias = typeof answer === 'object' && 'alias' in answer ? answer : undefined
  const addresses = alias?.addresses ?? (Array.isArray(answer) ? answer : [])
  const records = addresses.map(text => addressRecord(text, alias ? questionEnd + 12 : 12))
  if (alias) records.unshift(record(12, 5, nameBytes(alias.alias)))
  const header = Buffer.from([query[0]!, query[1]!, 0x81, 0x80 | code, 0, 1, 0, records.length, 0, 0, 0, 0])
  return Buffer.concat([header, query.subarray(12, questionEnd), ...records])
}

function addressRecord(text: string, nameAt: number): Buffer {
  return isIP(text) === 4
    ? record(nameAt, 1, Buffer.from(text.split('.').map(Number)))
    : record(nameAt, 28, ipv6Bytes(text))
}

function record(nameAt: number, type: number, data: Buffer): Buffer {
  return Buffer.concat([Buffer.from([0xc0, nameAt, 0, type, 0, 1, 0, 0, 0, 0, 0, data.length]), data])
}

function nameBytes(name: string): Buffer {
  return Buffer.concat([
    ...name.split('.').map(label => Buffer.from([label.length, ...Buffer.from(label)])),
    Buffer.of(0),
  ])
}

function ipv6Bytes(text: string): Buffer {
  const [head = '', tail = ''] = text.split('::')
  const groups = (part: string): number[] =>
    part === '' ? [] : part.split(':').map(group => Number.parseInt(group, 16))
  const [before, after] = [groups(head), groups(tail)]
  const all = [...before, ...Array<number>(8 - before.length - after.length).fill(0), ...after]
  return Buffer.from(all.flatMap(group => [group >> 8, group & 255]))
}
