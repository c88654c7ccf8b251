/** A place in a file as editors count it: both numbers begin with 1, columns count UTF-16 code units. */
export interface Place {
  readonly line: number
  readonly column: number
}

/** The text of one file of a document, and where its lines begin. */
export class SourceFile {
  /** Its address: `file:///…`, `https://…`. */
  readonly url: string
  readonly text: string
  #lineStarts: readonly number[] | undefined

  constructor(url: string, text: string) {
    this.url = url
    this.text = text
  }

  /** The line and column of a UTF-16 index of the text. Lines are looked for when the first place is asked for. */
  placeAt(index: number): Place {
    this.#lineStarts ??= lineStartsOf(this.text)
    const starts = this.#lineStarts
    let [low, high] = [0, starts.length - 1]
    while (low < high) {
      const middle = Math.ceil((low + high) / 2)
      if (starts[middle]! <= index) low = middle
      else high = middle - 1
    }
    return { line: low + 1, column: index - starts[low]! + 1 }
  }
}

function lineStartsOf(text: string): number[] {
  const starts = [0]
  for (let index = text.indexOf('\n'); index >= 0; index = text.indexOf('\n', index + 1)) starts.push(index + 1)
  return starts
}
