import { parseAccept } from 'hono/utils/accept'
import { getMimeType } from 'hono/utils/mime'
import { acceptedEncodings } from '../../http/file/content-encodings.ts'
import { contentToSend } from '../../http/file/content-to-send.ts'
import { type FileContent, NO_LINK, openFileContent } from '../../http/file/file-content.ts'
import { type FileNames, fileNames } from '../../http/file/file-names.ts'
import { isNotThere, type Located, locateFile } from '../../http/file/locate-file.ts'
import { HttpError } from '../../http/http-error.ts'
import type { PathTemplate } from '../../http/path-template.ts'
import type { AnyResponse, PlainResponse, RequestView, ResponseHeaders } from '../../http/request-view.ts'
import { pathBelow } from './mount-path.ts'
import type { CheckedStaticOptions } from './static-options.ts'

/** Where the files are served, and how. */
interface StaticPlace extends CheckedStaticOptions {
  readonly template: PathTemplate
  basePath(): string
}

const INDEX = 'index.html'

/** The files of a directory as responses. Nothing lists a directory: of one, its `index.html` is served. */
export class StaticFiles {
  readonly #directory: string
  readonly #place: StaticPlace

  constructor(directory: string, place: StaticPlace) {
    this.#directory = directory
    this.#place = place
  }

  /** The file that a path names; undefined where there is none. Throws an `HttpError` 405 for a method of others. */
  async respond(view: RequestView): Promise<AnyResponse | undefined> {
    const asked = fileNames(pathBelow(view.path, this.#place.template))
    if (asked === undefined) return undefined
    const found = await this.#find(asked)
    if (found === undefined) return undefined
    if (!isRead(view.method))
      throw new HttpError(405, 'A file is only read: this path allows GET, HEAD', { headers: { allow: 'GET, HEAD' } })
    if (found === 'folder') return this.#toFolder(view)
    return this.#send(found.names, found.file, view)
  }

  /** The fallback, for who asks for a page. */
  async fallBack(view: RequestView): Promise<AnyResponse | undefined> {
    const names = this.#place.fallback?.split('/')
    if (names === undefined || !isRead(view.method) || !wantsPage(view.header('accept'))) return undefined
    const file = await locateFile(this.#directory, names)
    return file?.stats.isFile() === true ? this.#send(names, file, view) : undefined
  }

  /** `folder` where a path without a last slash names one that has an index. */
  async #find({
    names,
    isFolder,
  }: FileNames): Promise<{ names: readonly string[]; file: Located } | 'folder' | undefined> {
    const found = await locateFile(this.#directory, names)
    if (found?.stats.isFile() === true) return isFolder ? undefined : { names, file: found }
    if (found?.stats.isDirectory() !== true) return undefined
    const inside = [...names, INDEX]
    const index = await locateFile(this.#directory, inside)
    if (index?.stats.isFile() !== true) return undefined
    return isFolder ? { names: inside, file: index } : 'folder'
  }

  /** Relative links of the index are meant from below. The path has no empty segment, so it names no other host. */
  #toFolder({ path, queryText }: RequestView): PlainResponse {
    const location = `${this.#place.basePath()}${path}/${queryText === '' ? '' : `?${queryText}`}`
    return { status: 307, headers: { location }, body: undefined }
  }

  async #send(names: readonly string[], file: Located, view: RequestView): Promise<AnyResponse | undefined> {
    const headers: ResponseHeaders = { 'cache-control': this.#place.cacheControl, vary: 'accept-encoding' }
    const content = (await this.#compressed(names, view, headers)) ?? (await opened(file))
    if (content === undefined) return undefined
    const { status, body } = await contentToSend(content, view, headers)
    if (body === undefined) delete headers['content-encoding']
    else {
      headers['content-type'] = getMimeType(names.at(-1)!) ?? 'application/octet-stream'
      headers['accept-ranges'] = 'bytes'
    }
    headers['x-content-type-options'] = 'nosniff'
    return { status, headers, body }
  }

  /** The smallest form of the file that the client takes, where one stands beside it. It has an entity tag of its own. */
  async #compressed(
    names: readonly string[],
    view: RequestView,
    headers: ResponseHeaders,
  ): Promise<FileContent | undefined> {
    for (const { name, ending } of acceptedEncodings(view.header('accept-encoding'))) {
      const file = await locateFile(this.#directory, names.with(-1, names.at(-1)! + ending))
      const content = file?.stats.isFile() === true ? await opened(file) : undefined
      if (content === undefined) continue
      headers['content-encoding'] = name
      headers['etag'] = `${content.etag.slice(0, -1)}-${name}"`
      return content
    }
    return undefined
  }
}

/** Undefined where the file has gone, or become something else, since it was found. */
async function opened({ path }: Located): Promise<FileContent | undefined> {
  try {
    return await openFileContent(path, NO_LINK)
  } catch (error) {
    if (isNotThere(error)) return undefined
    throw error
  }
}

const isRead = (method: string): boolean => method === 'GET' || method === 'HEAD'

/** Only a navigation names a type of pages; everything else takes whatever comes. */
const wantsPage = (accept: string | undefined): boolean =>
  parseAccept(accept ?? '').some(({ type, q }) => q > 0 && PAGES.has(type.toLowerCase()))

const PAGES: ReadonlySet<string> = new Set(['text/html', 'application/xhtml+xml'])
