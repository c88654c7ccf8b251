/** Lists of words as both databases keep them: with a space before and after each, so that one can be looked for. */
export function wordsText(words: readonly string[]): string {
  return words.length === 0 ? '' : ` ${words.join(' ')} `
}

export function wordsOf(text: string): readonly string[] {
  const trimmed = text.trim()
  return trimmed === '' ? [] : trimmed.split(' ')
}
