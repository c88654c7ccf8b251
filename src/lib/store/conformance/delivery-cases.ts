import { addingCases } from './adding.ts'
import { breakerCases } from './breakers.ts'
import type { ConformanceCase } from './case.ts'
import { claimingCases } from './claiming.ts'
import { clockCases } from './clocks.ts'
import { deathCases } from './deaths.ts'
import { endingCases } from './ending.ts'
import { expiringCases } from './expiring.ts'
import { findingCases } from './finding.ts'
import { handlerCases } from './handlers.ts'
import { holdingCases } from './holding.ts'
import { keyCases } from './keys.ts'
import { laneCases } from './lanes.ts'
import { managingCases } from './managing.ts'
import { orderingCases } from './ordering.ts'
import { outageCases } from './outages.ts'
import { pausingCases } from './pausing.ts'
import { rateCases } from './rates.ts'
import { replayingCases } from './replaying.ts'
import { secretCases } from './secrets.ts'
import { statsCases } from './stats.ts'

/** What every store does for deliveries, whatever they are of. */
export const deliveryCases: readonly ConformanceCase[] = [
  ...keyCases,
  ...addingCases,
  ...holdingCases,
  ...claimingCases,
  ...deathCases,
  ...clockCases,
  ...laneCases,
  ...endingCases,
  ...expiringCases,
  ...handlerCases,
  ...orderingCases,
  ...breakerCases,
  ...outageCases,
  ...managingCases,
  ...findingCases,
  ...replayingCases,
  ...pausingCases,
  ...rateCases,
  ...secretCases,
  ...statsCases,
]
