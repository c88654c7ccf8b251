import type { Socket } from 'node:net'
import type { Clock } from '../../clock.ts'
import type { Done, GiveUp } from './connect-step.ts'

/** An open connection, and the address it goes to. */
export interface Connected {
  readonly socket: Socket
  readonly address: string
}

/** What an {@link AddressRace} is run with. */
export interface RaceRules {
  readonly clock: Clock
  /** Connects to one address, and calls `began` when it has started. */
  readonly dial: (address: string, began: () => void, done: Done<Socket>) => GiveUp
  /** Called with an address that failed or was overtaken by another one. */
  readonly avoid: (address: string) => void
}

interface Runner {
  giveUp: GiveUp
  began: boolean
}

const staggerMs = 250

/**
 * Connects to several addresses and takes the first that accepts (RFC 8305 section 5). Each begins 250 ms after the one
 * before, or at once if that one failed; earlier ones go on. The other connections are closed, and nothing was written
 * to them.
 */
export class AddressRace {
  readonly #rules: RaceRules
  readonly #done: Done<Connected>
  readonly #waiting: string[] = []
  /** In the order in which they began. */
  readonly #running = new Map<string, Runner>()
  /** Whether more addresses may come. */
  #awaitsMore = false
  #failure: unknown
  #ended = false
  #cancelTimer = (): void => {}

  constructor(rules: RaceRules, done: Done<Connected>) {
    this.#rules = rules
    this.#done = done
  }

  /** All addresses are judged, including those that come `later`. */
  begin(addresses: readonly string[], later: Promise<readonly string[]> | undefined): GiveUp {
    this.#waiting.push(...addresses)
    this.#awaitsMore = later !== undefined
    later?.then(more => this.#add(more))
    this.#next()
    return reason => {
      if (this.#ended) return
      for (const [address, { began }] of this.#running) if (began) this.#rules.avoid(address)
      this.#end(reason)
    }
  }

  #add(more: readonly string[]): void {
    this.#awaitsMore = false
    if (this.#ended) return
    this.#waiting.push(...more)
    if (this.#running.size === 0) this.#next()
    else this.#stagger()
  }

  #next(): void {
    const address = this.#waiting.shift()
    if (address === undefined) {
      if (this.#running.size === 0 && !this.#awaitsMore) this.#end(this.#failure)
      return
    }
    const runner: Runner = { giveUp: () => {}, began: false }
    this.#running.set(address, runner)
    const began = (): void => {
      runner.began = true
      this.#stagger()
    }
    runner.giveUp = this.#rules.dial(address, began, (error, socket) => this.#dialled(address, error, socket))
  }

  #stagger(): void {
    this.#cancelTimer()
    if (!this.#ended && this.#waiting.length > 0)
      this.#cancelTimer = this.#rules.clock.setTimer(() => this.#next(), staggerMs)
  }

  #dialled(address: string, error: unknown, socket: Socket | undefined): void {
    if (this.#ended) {
      socket?.destroy()
      return
    }
    const overtaken = [...this.#running.keys()].slice(0, [...this.#running.keys()].indexOf(address))
    this.#running.delete(address)
    if (socket !== undefined) {
      for (const other of overtaken) if (this.#running.get(other)?.began) this.#rules.avoid(other)
      this.#end(undefined, { socket, address })
      return
    }
    this.#failure = error
    this.#rules.avoid(address)
    this.#cancelTimer()
    this.#next()
  }

  #end(error: unknown, won?: Connected): void {
    this.#ended = true
    this.#cancelTimer()
    for (const { giveUp } of this.#running.values()) giveUp(error ?? new Error('Another address was faster'))
    this.#done(error, won)
  }
}
