import { packagedEntries } from './bundle.ts'
import { runTool } from './run-tool.ts'
import { writePackage } from './write-package.ts'

await writePackage('dist', packagedEntries)
// The declarations.
const { ok, output } = runTool('tsc', ['-p', 'tsconfig.build.json'])
if (output !== '') console.log(output)
if (!ok) process.exitCode = 1
