import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { report } from './breach.ts'
import { root } from './root.ts'
import { skillText } from './skill-text.ts'

/** Writes the skill for coding agents that the package has; with `--check` it only compares. */
const target = 'skills/ringback/SKILL.md'
const read = (file: string): string => readFileSync(join(root, file), 'utf8')
const text = skillText(read('scripts/skill.md'), read)

if (process.argv.includes('--check')) {
  const isStale = read(target) !== text
  const stale = {
    file: target,
    line: 1,
    text: 'the skill is not what its examples make it: run "node scripts/skill.ts"',
  }
  report('The skill', isStale ? [stale] : [], `${text.split('\n').length} lines, as its examples are`)
} else {
  mkdirSync(dirname(join(root, target)), { recursive: true })
  writeFileSync(join(root, target), text)
}
