// Items of an export that are to bear other codes than they do in Xero.
import type { CodeMove } from '../domain/item-codes.ts'
import { interimCode, isInterim } from '../domain/item-codes.ts'
import { postedHash } from '../domain/posting/hash.ts'
import { xeroItemCode } from '../domain/posting/long-code.ts'
import type { RemoteEntity } from '../stores/remote-entities.ts'
import type { Candidate, Plan } from './export-plan.ts'
import type { JobContext } from './job-context.ts'
import { refusalHash } from './refusals.ts'

/** Xero refused it as it would be written now, under its own code or under one for the moment. */
export function isRefusedBefore(
  context: JobContext,
  { candidate: { item, link }, entity, plan }: PlannedItem,
): boolean {
  if (!entity || !link || !item.refused || !item.lastError || plan.kind !== 'send' || plan.document.list !== 'items')
    return false
  const { document } = plan
  const codes = isInterim(entity) ? [document.code] : [document.code, interimCode(entity.remoteId)]
  const { refused } = item
  return codes.some((code) => refusalHash(context, postedHash({ ...document, code }), link.remoteId) === refused.hash)
}

export interface PlannedItem {
  readonly candidate: Candidate
  readonly entity: RemoteEntity | undefined
  readonly plan: Plan
  /** The code that it is to bear, where it bears another. */
  readonly wanted: string | null
}

/** The code that an item had before it got one for the moment. */
export function formerCode({ link }: Candidate, { items }: JobContext['settings']): string | null {
  const agreed = link?.agreed?.code
  return typeof agreed === 'string' ? xeroItemCode(agreed, items.longCode) : null
}

const codeFor = / In Xero the item of this record bears the code ~\S+ until then\./g

/** The words for an item that stays under a code for the moment name it once; those of before are over. */
export function withCode(cause: string, entity: RemoteEntity | undefined): string {
  const bare = cause.replace(codeFor, '')
  return isInterim(entity) ? `${bare} In Xero the item of this record has the code ${entity?.code} until then.` : bare
}

/** `holderOf`: who bears a code, in lower case. */
export function movesOf(
  context: JobContext,
  planned: readonly PlannedItem[],
  holderOf: (code: string) => string | undefined,
): CodeMove[] {
  return planned.flatMap((one): CodeMove[] => {
    const { candidate, entity, wanted: code } = one
    if (!entity || code === null) return []
    const isInTheWay = holderOf(code.toLowerCase()) !== undefined
    const former = isInterim(entity) ? (formerCode(candidate, context.settings)?.toLowerCase() ?? null) : null
    const isRefused = (isInterim(entity) || isInTheWay) && isRefusedBefore(context, one)
    return [{ remoteId: entity.remoteId, wanted: code.toLowerCase(), former, isRefused }]
  })
}
