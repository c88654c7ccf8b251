import { readFileSync } from 'node:fs'

/** USER_HZ, which Linux fixes at 100 for programs (proc(5)). */
const ticksPerSecond = 100

/** User and system time of all threads of a process so far, from /proc (proc(5): fields 14 and 15). */
export function cpuSeconds(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'latin1')
  // The name of the program, field 2, may contain spaces and brackets.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return (Number(fields[11]) + Number(fields[12])) / ticksPerSecond
}

/** The same for a process and all its descendants that still run. */
export function treeCpuSeconds(pid: number): number {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'latin1').split(' ').filter(Boolean)
  return children.reduce((sum, child) => sum + treeCpuSeconds(Number(child)), cpuSeconds(pid))
}
