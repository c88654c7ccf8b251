/** Lets one after the other have what only one can have, in the order in which they asked. */
export class Turns {
  readonly #mostWaiting: number
  readonly #waiting = new Set<() => void>()
  #taken = false

  constructor(mostWaiting: number) {
    this.#mostWaiting = mostWaiting
  }

  /** Resolves to true when it is one's turn, and to false where too many wait or it takes longer than `waitMs`. */
  async take(waitMs: number): Promise<boolean> {
    if (this.#taken) return this.#waiting.size < this.#mostWaiting && this.#wait(waitMs)
    this.#taken = true
    return true
  }

  /** Gives the turn to the one who has waited longest. */
  passOn(): void {
    const [next] = this.#waiting
    if (next === undefined) this.#taken = false
    else next()
  }

  #wait(waitMs: number): Promise<boolean> {
    return new Promise(resolve => {
      const end = (isMine: boolean): void => {
        clearTimeout(timer)
        this.#waiting.delete(begin)
        resolve(isMine)
      }
      const begin = () => end(true)
      const timer = setTimeout(() => end(false), waitMs)
      this.#waiting.add(begin)
    })
  }
}
