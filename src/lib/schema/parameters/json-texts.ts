/** So many characters of JSON are read in all fields of a form together: brackets alone would fill the memory. */
const MOST_CHARACTERS = 100_000

/** The objects that one reading of a form finds in its texts. */
export class JsonTexts {
  #left = MOST_CHARACTERS

  /** The object that the text is in JSON; the text itself where it is none. */
  objectIn(text: string): unknown {
    if (!OBJECT.test(text) || text.length > this.#left) return text
    this.#left -= text.length
    try {
      return JSON.parse(text) as unknown
    } catch {
      return text
    }
  }
}

const OBJECT = /^\s*\{/
