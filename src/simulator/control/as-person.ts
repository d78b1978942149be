// A call that a person makes in Xero's own pages: it runs through the same rules as the API's, but no scope, limit, journal or
// idempotency stands in its way.
import type { Call } from '../api/call.ts'
import { begin } from '../api/transaction.ts'
import type { Organisation } from '../state.ts'
import { now, type World } from '../world.ts'

export const personCall = (world: World, organisation: Organisation, method: string): Call => ({
  world,
  organisation,
  user: undefined,
  method,
  segments: [],
  query: new URLSearchParams({ unitdp: '4' }),
  body: undefined,
  modifiedSince: undefined,
  at: now(world),
  transaction: begin(),
  unknown: [],
})
