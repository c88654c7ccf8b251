// npm run soak:outage -- [--seconds 60] [--only 'frozen;failed over']
import { parseArgs } from 'node:util'
import { outageSoak } from './outage-soak.ts'
import { outages } from './outages.ts'

const { values } = parseArgs({
  options: { seconds: { type: 'string', default: '60' }, only: { type: 'string' } },
})
const seconds = Number(values.seconds)
if (!(seconds > 0)) throw new TypeError('Give --seconds a number above 0')

const { seen, acknowledged, lost, duplicates, violations, unsettled } = await outageSoak({
  ...{ names: values.only?.split(';') ?? Object.keys(outages), seconds, waitLimitMs: 5_000 },
  onOutage({ name, acknowledged, refused, withoutResponse, loopP99Ms, loopMostMs, recoveredMs }) {
    const told = Object.entries(refused).map(([status, count]) => `${count} with ${status}`)
    console.log(
      `${name}: ${acknowledged} acknowledged, ${told.join(', ') || 'none refused'}, ${withoutResponse} without response; ` +
        `event loop p99 ${loopP99Ms.toFixed(1)} ms, most ${loopMostMs.toFixed(1)} ms; recovered after ${recoveredMs.toFixed(0)} ms`,
    )
  },
})
console.log({ acknowledged, lost: lost.length, duplicates, violations: violations.length, unsettled })
for (const violation of violations) console.log(violation)
const slow = seen.filter(({ loopP99Ms }) => loopP99Ms >= 50)
const odd = seen.filter(each => each.withoutResponse > 0 || Object.keys(each.refused).some(status => status !== '503'))
if (lost.length + violations.length + unsettled + slow.length + odd.length > 0) process.exitCode = 1
