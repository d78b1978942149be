// Requests whose client is gone and that are still under way: the edge delivers them minutes later. They land when the
// clock has passed their time and anybody looks, which nobody can tell from landing on the minute.
import type { World } from '../world.ts'
import { now } from '../world.ts'

export interface LateRequest {
  at: number
  land: () => void
}

export function landLateRequests(world: World): void {
  const due = world.late.filter((one) => one.at <= now(world)).sort((a, b) => a.at - b.at)
  world.late = world.late.filter((one) => !due.includes(one))
  for (const { land } of due) land()
}
