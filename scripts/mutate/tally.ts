/** How many changes of each folder were killed and survived. */
export class Tally {
  readonly #folders = new Map<string, { killed: number; survived: number }>()

  add(file: string, end: 'killed' | 'survived'): void {
    const folder = file.split('/').slice(0, 3).join('/')
    const counts = this.#folders.get(folder) ?? { killed: 0, survived: 0 }
    counts[end]++
    this.#folders.set(folder, counts)
  }

  get anySurvived(): boolean {
    return this.#folders.values().some(({ survived }) => survived > 0)
  }

  toString(): string {
    return [...this.#folders]
      .map(([folder, { killed, survived }]) => `${folder}: ${killed + survived} mutants, ${survived} survived`)
      .toSorted()
      .join('\n')
  }
}
