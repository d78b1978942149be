// Codes that go from one item to another. Xero lets no two items bear one code, so that items that exchange theirs leave them for
// codes for the moment first. Such a code is made of the item's id: whoever finds it later knows that nobody gave it.
import { createHash } from 'node:crypto'

export const interimCode = (remoteId: string): string =>
  `~${createHash('sha256').update(remoteId).digest('hex').slice(0, 16).toUpperCase()}`

/** The item bears a code for the moment. */
export const isInterim = (item: { readonly remoteId: string; readonly code: string | null } | undefined): boolean =>
  item?.code != null && item.code === interimCode(item.remoteId)

/** An item in Xero that is to bear another code than it does. Codes are in lower case. */
export interface CodeMove {
  readonly remoteId: string
  readonly wanted: string
  /** Of one under a code for the moment: the code that it had before, where it is known. */
  readonly former: string | null
  /** Xero refused just this, and nothing changed since that would change its answer. */
  readonly isRefused: boolean
}

/**
 * Ids of the items that cannot get the codes that they are to bear: another item keeps the code, or the code goes back to an
 * item that cannot get its own. `isFreed`: the item leaves its code in another way.
 */
export function stuckMoves(
  moves: readonly CodeMove[],
  holderOf: (code: string) => string | undefined,
  isFreed: (remoteId: string) => boolean,
): ReadonlySet<string> {
  const stuck = new Set(moves.filter(({ isRefused }) => isRefused).map(({ remoteId }) => remoteId))
  const moving = new Set(moves.map(({ remoteId }) => remoteId))
  const isStuck = ({ remoteId, wanted, former }: CodeMove, reserved: ReadonlySet<string>): boolean => {
    const holder = holderOf(wanted)
    if (holder === undefined) return reserved.has(wanted) && wanted !== former
    return holder !== remoteId && !isFreed(holder) && (!moving.has(holder) || stuck.has(holder))
  }
  for (let known = -1; known !== stuck.size; ) {
    known = stuck.size
    const givenBack = moves.flatMap(({ remoteId, former }) => (stuck.has(remoteId) && former !== null ? former : []))
    const reserved = new Set(givenBack.filter((code) => holderOf(code) === undefined))
    for (const move of moves) if (!stuck.has(move.remoteId) && isStuck(move, reserved)) stuck.add(move.remoteId)
  }
  return stuck
}
