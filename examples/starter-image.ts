import { execFile } from 'node:child_process'
import { cpSync, mkdirSync, readFileSync } from 'node:fs'
import { basename, join, resolve } from 'node:path'
import { promisify } from 'node:util'

/** Where the Dockerfile works; everything it makes lies below. */
const HOME = '/home/node'

/** Follows the lines of a Dockerfile in a folder of this machine, which stands for the home of the image's user. */
export class ImageBuild {
  directory: string
  readonly env: NodeJS.ProcessEnv
  readonly #context: string
  readonly #home: string

  constructor(context: string, home: string, env: NodeJS.ProcessEnv) {
    this.#context = context
    this.#home = home
    this.directory = home
    this.env = { ...env }
  }

  /** Gives the words of its command. Throws for an instruction that it does not know, or that fails. */
  async build(dockerfile: string): Promise<string[]> {
    let command: string[] = []
    for (const [, name = '', text = ''] of dockerfile.replaceAll(/\\\n/g, ' ').matchAll(/^([A-Z]+) +(.+)$/gm))
      if (name === 'CMD') command = JSON.parse(text)
      else await this.#follow(name, text.replaceAll(HOME, this.#home))
    return command
  }

  async #follow(name: string, text: string): Promise<void> {
    if (name === 'RUN') await promisify(execFile)('/bin/sh', ['-c', text], { cwd: this.directory, env: this.env })
    else if (name === 'WORKDIR') this.#enter(resolve(this.directory, text))
    else if (name === 'COPY') this.#copy(text.split(' ').filter(word => !word.startsWith('--')))
    else if (name === 'ENV') this.#set(text)
    else if (!['FROM', 'USER', 'VOLUME', 'EXPOSE'].includes(name)) throw new Error(`This build does not know ${name}`)
  }

  #enter(directory: string): void {
    mkdirSync(directory, { recursive: true })
    this.directory = directory
  }

  #set(text: string): void {
    for (const [, name = '', value = ''] of text.matchAll(/(\w+)=(\S+)/g)) this.env[name] = value
  }

  #copy(words: readonly string[]): void {
    const ignored = readFileSync(join(this.#context, '.dockerignore'), 'utf8').split('\n')
    const target = resolve(this.directory, words.at(-1) ?? '')
    for (const file of words.slice(0, -1))
      cpSync(join(this.#context, file), file === '.' ? target : join(target, basename(file)), {
        recursive: true,
        filter: source => source === this.#context || !ignored.includes(basename(source)),
      })
  }
}
