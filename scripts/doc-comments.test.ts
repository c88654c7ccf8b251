import assert from 'node:assert/strict'
import { test } from 'node:test'
import { docCommentBreaches } from './doc-comments.ts'
import { withTree } from './temporary-tree.ts'

const example = "@example\n * ```ts\n * import { one } from 'ringback'\n * ```\n"

test('docCommentBreaches reports exports without a doc comment and values without an example', () => {
  const source = `
export const bare = 1
/** Says what it is for. */
export function unshown() {}
/**
 * Says what it is for.
 *
 * ${example} */
export const shown = 1
/** Shows something that is not of the package. @example \`one()\` */
export class Shown {}
export type Bare = 1
/** Says what it is for. */
export interface Told {}
/** Not exported by the package. */
export const inner = 1
`
  const files = {
    'src/lib/a.ts': source,
    'src/index.ts': "export { bare, type Bare, Shown, shown, type Told, unshown } from './lib/a.ts'\n",
    'src/again.ts': "export { bare as other } from './lib/a.ts'\n",
  }
  assert.deepEqual(
    withTree(files, docCommentBreaches).map(({ file, line, text }) => `${file}:${line} ${text}`),
    [
      'src/lib/a.ts:2 "bare" is exported without a doc comment',
      'src/lib/a.ts:4 "unshown" is exported without an @example: one ```ts fence that imports from the package',
      'src/lib/a.ts:15 "Shown" is exported without an @example: one ```ts fence that imports from the package',
      'src/lib/a.ts:16 "Bare" is exported without a doc comment',
    ],
  )
})
