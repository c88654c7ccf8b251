/** Which tests saw changes of which file: what saw one sees the next one too, most of the time. */
export class Killers {
  readonly #kills = new Map<string, Map<string, number>>()

  add(file: string, test: string): void {
    const kills = this.#kills.get(file) ?? new Map<string, number>()
    kills.set(test, this.#countOf(file, test) + 1)
    this.#kills.set(file, kills)
  }

  /** These tests, those first that saw the most changes of `file`; the others stay in their order. */
  first<T extends { readonly test: string }>(file: string, tests: readonly T[]): T[] {
    return tests.toSorted((a, b) => this.#countOf(file, b.test) - this.#countOf(file, a.test))
  }

  #countOf(file: string, test: string): number {
    return this.#kills.get(file)?.get(test) ?? 0
  }
}
