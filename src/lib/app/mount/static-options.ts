import { checkNames } from '../../definition/check-names.ts'
import { DefinitionError } from '../../definition/definition-error.ts'
import { quoted } from '../../definition/quoted.ts'
import { validateHeaderValue } from '../../node-http.ts'

/** How the files of a directory are served. */
export interface StaticOptions {
  /**
   * A file of the directory, such as `index.html`, for every page that does not exist: what a single-page application
   * needs. Only a GET or HEAD whose `Accept` names `text/html` gets it, as a browser's navigation does: a missing script
   * or picture stays a 404. Default: none.
   */
  readonly fallback?: string
  /**
   * The `Cache-Control` of every file; for files whose names change with their content
   * `public, max-age=31536000, immutable`. Default: `no-cache`, so that a browser asks each time whether it has the newest.
   */
  readonly cacheControl?: string
  /** Lets the application start without the directory, because it is made later. Default: false. */
  readonly mayBeMissing?: boolean
}

const NAMES: Readonly<Record<keyof StaticOptions, true>> = { fallback: true, cacheControl: true, mayBeMissing: true }

/** The options with their defaults. */
export interface CheckedStaticOptions {
  readonly fallback: string | undefined
  readonly cacheControl: string
  readonly mayBeMissing: boolean
}

/** Throws a `DefinitionError` for an invalid option. */
export function checkedStaticOptions(options: StaticOptions, path: string): CheckedStaticOptions {
  const place = `the files at "${path}"`
  checkNames(options, NAMES, `the options of ${place}`)
  const { fallback, cacheControl = 'no-cache', mayBeMissing = false } = options
  if (fallback !== undefined && !(typeof fallback === 'string' && isRelative(fallback)))
    throw new DefinitionError(
      `"fallback" of ${place} is ${quoted(fallback)}: give a file of the directory, such as "index.html"`,
    )
  try {
    validateHeaderValue('cache-control', cacheControl)
  } catch (cause) {
    throw new DefinitionError(
      `"cacheControl" of ${place} is ${quoted(cacheControl)}: give the value of a header, such as "no-cache"`,
      { cause },
    )
  }
  return { fallback, cacheControl, mayBeMissing }
}

const isRelative = (file: string): boolean =>
  file.split('/').every(name => name !== '' && !name.startsWith('.') && !name.includes('\\'))
