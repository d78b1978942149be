// One API request on its way through the handlers.
import type { JsonObject } from '../json.ts'
import type { Organisation } from '../state.ts'
import type { User, World } from '../world.ts'
import type { Transaction } from './transaction.ts'

export interface Call {
  world: World
  organisation: Organisation
  user: User | undefined
  method: string
  /** What follows the list's name in the path. */
  segments: string[]
  query: URLSearchParams
  /** Parsed body; undefined when there is none. */
  body: unknown
  modifiedSince: number | undefined
  /** The instant of the call: everything it writes carries this one. */
  at: number
  transaction: Transaction
  /** Query parameters and members that Xero does not know. */
  unknown: string[]
}

/** Digits kept on unit prices. */
export const unitDigits = (call: Call) => (call.query.get('unitdp') === '4' ? 4 : 2)

/** An element of a collection as an answer shows it, plus what reading and sorting need of it. */
export interface Row {
  id: string
  updatedAt: number
  view: () => JsonObject
}
