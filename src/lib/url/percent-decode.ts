/** Percent-encoded text as it was meant, each part between slashes by itself; a part with a broken escape stays. */
export function percentDecode(text: string): string {
  if (!text.includes('%')) return text
  return text.includes('/') ? text.split('/').map(decodePart).join('/') : decodePart(text)
}

function decodePart(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    return part
  }
}
