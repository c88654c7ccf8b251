import { join } from 'node:path'
import type { SourceFile } from 'typescript/unstable/ast'
import { API, type Checker } from 'typescript/unstable/sync'

/**
 * Reads the sources that `tsconfig.build.json` of `directory` names (everything in `src/` except tests) as the compiler
 * sees them, and gives the result of `read`. The compiler's interface is marked unstable: it is used only here, with an
 * exact version of TypeScript.
 */
export function readSources<T>(directory: string, read: (files: readonly SourceFile[], checker: Checker) => T): T {
  const api = new API({ cwd: directory })
  try {
    const configFile = join(directory, 'tsconfig.build.json')
    const project = api.updateSnapshot({ openProjects: [configFile] }).getProject(configFile)
    if (project === undefined) throw new Error(`The compiler does not read "${configFile}"`)
    const files = project.rootFiles.map(name => project.program.getSourceFile(name)).filter(file => file !== undefined)
    return read(files, project.checker)
  } finally {
    api.close()
  }
}
