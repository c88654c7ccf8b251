/** What a path asks for below a directory. */
export interface FileNames {
  readonly names: readonly string[]
  /** It ends with a slash. */
  readonly isFolder: boolean
}

/**
 * The names in an encoded path that begins with a slash, or is empty: undefined where one of them could be anything but
 * the name of a file that may be seen. Dot files, and with them `..`, are not; nor is a slash, backslash or control
 * character, however it is written. Each name is decoded once, so that an escape of an escape stays a name.
 */
export function fileNames(path: string): FileNames | undefined {
  if (path === '') return { names: [], isFolder: false }
  const segments = path.slice(1).split('/')
  const isFolder = segments.at(-1) === ''
  if (isFolder) segments.pop()
  const names = segments.map(decoded)
  return names.every(name => name !== undefined) ? { names, isFolder } : undefined
}

/** Escapes that are not UTF-8, overlong ones among them, stand for nothing. */
function decoded(segment: string): string | undefined {
  try {
    const name = decodeURIComponent(segment)
    return isVisible(name) ? name : undefined
  } catch {
    return undefined
  }
}

const isVisible = (name: string): boolean =>
  name !== '' && !name.startsWith('.') && !NOT_IN_NAMES.test(name) && !(isWindows && NOT_ON_WINDOWS.test(name))

const NOT_IN_NAMES = /[\p{Cc}/\\]/u
const isWindows = process.platform === 'win32'
/** Streams and drives, other spellings of a name, and devices. */
const NOT_ON_WINDOWS = /[<>:"|?*]|~\d|[. ]$|^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)/i
