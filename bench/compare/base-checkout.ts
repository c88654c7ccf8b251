import { execFileSync } from 'node:child_process'
import { cpSync, readFileSync, rmSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { TemporaryFolder } from '../process/temporary-folder.ts'

/** The folder of this checkout. */
export const here: string = join(import.meta.dirname, '../..')

/**
 * A commit of this repository, built in a folder that is removed when the benchmark ends, with the benchmarks of this
 * checkout.
 */
export class BaseCheckout implements Disposable {
  readonly path: string
  readonly #undo: DisposableStack

  constructor(commit: string) {
    using undo = new DisposableStack()
    this.path = join(undo.use(new TemporaryFolder()).path, 'base')
    run('git', ['worktree', 'add', '--detach', '--quiet', this.path, commit], here)
    undo.defer(() => run('git', ['worktree', 'remove', '--force', this.path], here))
    this.#install()
    build(this.path)
    this.#takeBenchmarks()
    this.#undo = undo.move()
  }

  [Symbol.dispose](): void {
    this.#undo.dispose()
  }

  /** The packages of this checkout, if the commit needs the same ones. */
  #install(): void {
    const lock = (folder: string) => readFileSync(join(folder, 'package-lock.json'), 'utf8')
    if (lock(this.path) === lock(here)) symlinkSync(join(here, 'node_modules'), join(this.path, 'node_modules'))
    else run('npm', ['ci', '--ignore-scripts'], this.path)
  }

  /** The same requests and the same senders for both: only the package differs. */
  #takeBenchmarks(): void {
    const target = join(this.path, 'bench')
    rmSync(target, { recursive: true })
    cpSync(join(here, 'bench'), target, { recursive: true, filter: file => !file.endsWith('/node_modules') })
  }
}

/** Builds the package in a checkout. */
export function build(folder: string): void {
  run(process.execPath, ['scripts/build.ts'], folder)
}

/** The package that a benchmark in a checkout imports. */
export function importedPackage(folder: string): string {
  const program = "console.log(import.meta.resolve('ringback'))"
  return run(process.execPath, ['--input-type=module', '--eval', program], join(folder, 'bench')).trim()
}

function run(command: string, args: readonly string[], folder: string): string {
  return execFileSync(command, args, { cwd: folder, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] })
}
