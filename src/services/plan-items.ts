// What becomes of items in the export: adopted where Xero holds their codes already, created, or changed where they differ
// from what stands there. Codes are unique in Xero: a code that another item still bears is taken when that one has left it.
import type { Db } from '../db/tables.ts'
import { candidatesOf } from '../domain/candidate.ts'
import { interimCode, isInterim, stuckMoves } from '../domain/item-codes.ts'
import { changedFields, type Fields, fieldsOf, learnedFields, ownFields, sparseBody } from '../domain/merging.ts'
import { sameValue } from '../domain/merging-entries.ts'
import { postedHash } from '../domain/posting/hash.ts'
import { comparable, postItem, proxyItem, usesProxy } from '../domain/posting/item.ts'
import { keptAsSent } from '../domain/posting/kept-out.ts'
import { xeroItemCode } from '../domain/posting/long-code.ts'
import type { Posted, PostedItem } from '../domain/posting/posted.ts'
import type { Posting } from '../domain/posting/posting.ts'
import type { Item } from '../domain/records/index.ts'
import { syncError } from '../domain/sync-errors.ts'
import { toBeEmptied } from '../domain/taken-away.ts'
import type { TellAfter } from '../domain/write-batch.ts'
import type { Link } from '../stores/links.ts'
import { lockedRecords } from '../stores/queue-locking.ts'
import { findItemsByCodes, findRemoteEntities, type RemoteEntity } from '../stores/remote-entities.ts'
import { type Candidate, type Plan, planOf } from './export-plan.ts'
import { neededByDocuments } from './inactive-records.ts'
import { holdersOf, leavers } from './item-holders.ts'
import { formerCode, isRefusedBefore, movesOf, type PlannedItem, withCode } from './item-moves.ts'
import type { JobContext } from './job-context.ts'
import { theirFields } from './remote-rows.ts'
import { isRemovedItem, removedItem } from './removed-items.ts'
import { unlessUnshown, unshownRows } from './unshown-rows.ts'

const same = (one: string, other: string): boolean => one.toLowerCase() === other.toLowerCase()

/** The item bears the record's own code there: also a code that Xero would not take from us stays as it stands. */
const bearsOwnCode = (record: Candidate['record'], entity: RemoteEntity | undefined): boolean =>
  entity?.code != null && sameValue(record.body.code, entity.code)

/** The code under which the item stands in Xero: the record's own, or where somebody changed it there and the product did not. */
function codeInXero(
  { record, link }: Pick<Candidate, 'record' | 'link'>,
  entity: RemoteEntity | undefined,
): string | null {
  if (isInterim(entity)) return null
  if (bearsOwnCode(record, entity)) return entity?.code ?? null
  const agreed = link?.agreed?.code
  const isUnchanged = agreed !== undefined && sameValue(record.body.code, agreed)
  return isUnchanged ? (entity?.code ?? null) : null
}

const isInactive = ({ record }: Candidate): boolean => record.body.active === false

/**
 * An item becomes neither sold nor purchased with the record that says so: one that was active when both sides last agreed. What was
 * met in Xero as active, others may use of whom nobody told us; and whoever switched it on there again, did so on purpose.
 */
function staysAsItIs({ settings }: JobContext, candidate: Candidate): boolean {
  if (!isInactive(candidate) || candidate.record.origin === 'service') return false
  const { link } = candidate
  const isOlder = link !== null && !link.agreed
  if (isOlder || link?.agreed?.active === true) return false
  return link?.agreed?.active !== false || settings.items.conflict !== 'product_wins'
}

/** Whether it is sold and purchased: as it stands, or, of a new one that a document needs, as if it were active. */
function flagsOf(candidate: Candidate, entity: RemoteEntity | undefined): Pick<Item, 'isSold' | 'isPurchased'> {
  const { isSold, isPurchased } = (candidate.link ? (entity?.fields ?? {}) : candidate.record.body) as Partial<Item>
  return { isSold, isPurchased }
}

/** Fields that both sides agree on once they were sent: of an item that stays as it is, not that it is inactive. */
function agreeable(context: JobContext, candidate: Candidate, entity: RemoteEntity | undefined): Fields {
  const { body } = candidate.record
  const all = comparable(fieldsOf(body), body, context.reference.organisation?.baseCurrency ?? null)
  if (!staysAsItIs(context, candidate)) return all
  const { active: _, isSold: _sold, isPurchased: _purchased, ...fields } = all
  const agreed = candidate.link?.agreed ?? {}
  const flags = flagsOf(candidate, entity)
  const isOff = flags.isSold === false && flags.isPurchased === false
  const known = Object.fromEntries(
    ['isSold', 'isPurchased'].flatMap((key) => (key in agreed ? [[key, agreed[key]]] : [])),
  )
  return { ...fields, ...known, ...(agreed.active === false && isOff && { active: false }) }
}

function post(
  context: JobContext,
  candidate: Candidate,
  entity: RemoteEntity | undefined,
  baseCurrency: string | null,
): Posting<Posted> {
  const { record, link } = candidate
  if (record.origin === 'service') return { kind: 'posted', document: proxyItem(context.settings) }
  const taxes = { taxRates: context.reference.taxRates, learned: learnedFields(record) }
  const kept = staysAsItIs(context, candidate) ? { flags: flagsOf(candidate, entity) } : {}
  if (!link) return postItem(record.body as unknown as Item, context.settings, baseCurrency, { ...taxes, ...kept })
  const { fields, removed: gone } = ownFields(record, link.agreed ?? null)
  const sides = { agreed: link.agreed ?? {}, theirs: entity ? theirFields('item', entity) : {} }
  const removed = toBeEmptied(gone, sides, context.settings)
  // The product's code goes before the one that somebody gave the item there, unless Xero would not take it.
  const { conflict, longCode } = context.settings.items
  const isWritable = xeroItemCode(String(record.body.code), longCode) !== null
  const isRenamedByProduct = conflict === 'product_wins' && isWritable && !bearsOwnCode(record, entity)
  return postItem(sparseBody(fields) as unknown as Item, context.settings, baseCurrency, {
    ...taxes,
    ...kept,
    theirs: sides.theirs,
    removed,
    codeInXero: isRenamedByProduct ? null : codeInXero(candidate, entity),
  })
}

/** The plan for an item that the settings keep out by now, where Xero holds just what it says. */
function asLastSent(
  context: JobContext,
  candidate: Candidate & { readonly link: Link },
  entity: RemoteEntity | undefined,
  baseCurrency: string | null,
): Plan | null {
  const { link } = candidate
  if (isInterim(entity)) return null
  const items = { ...context.settings.items, inventoryMode: 'sync_inventory', syncNonInventory: true } as const
  const posting = post({ ...context, settings: { ...context.settings, items } }, candidate, entity, baseCurrency)
  if (posting.kind !== 'posted') return null
  const { document } = posting
  const fields = agreeable(context, candidate, entity)
  const isSame = postedHash(document) === link.postedHash || changedFields(link.agreed ?? {}, fields).length === 0
  return isSame ? { kind: 'in_line', document, link, fields } : null
}

const relink =
  'PUT the record with another code, or give the item in Xero another one. If the record is that item: DELETE …/link, ' +
  'then PUT …/link with the id in candidates; its former item stays in Xero. Then run a sync job.'

const isItem = (document: Posted): document is PostedItem => document.list === 'items'

/** By queue item id. */
export async function planItems(
  db: Db,
  context: JobContext,
  candidates: readonly Candidate[],
): Promise<Map<string, Plan>> {
  const { companyId, id: jobId } = context.job
  const connectionId = context.connection.id
  const baseCurrency = context.reference.organisation?.baseCurrency ?? null
  const linkedTo = candidates.flatMap(({ link }) => link?.remoteId ?? [])
  const standing = await findRemoteEntities(db, companyId, connectionId, 'items', linkedTo)
  const unshown = await unshownRows(db, context, 'items', linkedTo)
  const planned = candidates.map((candidate): PlannedItem => {
    const entity = candidate.link ? standing.get(candidate.link.remoteId) : undefined
    const { record, link } = candidate
    if (isRemovedItem('item', link) && !usesProxy(record.body as unknown as Item, context.settings)) {
      const plan: Plan = isInactive(candidate)
        ? { kind: 'not_needed', error: syncError('inactive_not_sent') }
        : { kind: 'conflict', error: removedItem(record) }
      return { candidate, entity, plan, wanted: null }
    }
    // Settings say what a new proxy item is created with; one that stands in Xero, whoever made it, is used as it stands.
    if (record.origin === 'service' && link) {
      const plan: Plan = { kind: 'in_line', document: proxyItem(context.settings), link, fields: fieldsOf(record.body) }
      return { candidate, entity, plan, wanted: null }
    }
    const posting = post(context, candidate, entity, baseCurrency)
    if (posting.kind === 'excluded' && link && !isRemovedItem('item', link)) {
      const inLine = asLastSent(context, { ...candidate, link }, entity, baseCurrency)
      const plan: Plan = inLine ?? { kind: 'excluded', error: keptAsSent(posting.reason) }
      return { candidate, entity, plan, wanted: null }
    }
    // Under a code for the moment it does not stand there as it was last sent.
    const last = link && isInterim(entity) ? { ...link, postedHash: null } : link
    const sent = planOf(posting, last, { standing: entity ?? null, fields: agreeable(context, candidate, entity) })
    // One that waits keeps its code, too.
    const plan = unlessUnshown(sent, unshown.get(link?.remoteId ?? ''))
    const code = plan.kind === 'send' && isItem(plan.document) ? plan.document.code : null
    const isMoving = code !== null && (entity === undefined || !same(entity.code ?? '', code))
    return { candidate, entity, plan, wanted: isMoving ? code : null }
  })
  const wanted = planned.flatMap(({ wanted: code }) => code ?? [])
  const formers = planned.flatMap(({ candidate, entity }) =>
    isInterim(entity) ? (formerCode(candidate, context.settings) ?? []) : [],
  )
  const existing = await findItemsByCodes(db, companyId, connectionId, [...wanted, ...formers])
  const holders = await holdersOf(db, context, [...existing.values()])
  const holderIds = [...new Set(holders.values())]
  const deleting = await lockedRecords(db, companyId, jobId, { type: 'item', removal: true }, holderIds)
  const leavingLater = await leavers(db, context, holderIds, existing)
  const holderOf = (code: string) => existing.get(code)?.remoteId
  const moves = movesOf(context, planned, holderOf)
  const here = new Set(linkedTo)
  const isLater = (remoteId: string) => leavingLater.has(remoteId) && !here.has(remoteId)
  const isFreed = (remoteId: string) => isLater(remoteId) || deleting.has(holders.get(remoteId) ?? '')
  const stuck = stuckMoves(moves, holderOf, isFreed)
  const leaving = new Set(moves.flatMap(({ remoteId }) => (stuck.has(remoteId) ? [] : remoteId)))
  const claimed = new Map<string, string>()
  for (const { candidate, entity } of planned) {
    const former =
      entity && stuck.has(entity.remoteId) ? moves.find((one) => one.remoteId === entity.remoteId)?.former : null
    // A code that somebody else's item bears by now does not go back.
    if (former && holderOf(former) === undefined) claimed.set(former, candidate.record.id)
  }
  const newcomers = candidates.filter((one) => isInactive(one) && !one.link).map(({ record }) => record.id)
  const named = await neededByDocuments(db, context, 'item', newcomers)
  const unneeded = new Set(newcomers.filter((id) => !named.has(id)))
  const wantedByOthers = new Set(
    planned.flatMap(({ candidate, wanted: code }) =>
      unneeded.has(candidate.record.id) ? [] : (code?.toLowerCase() ?? []),
    ),
  )

  /** Whether following who waits for whose code leads back to the item. */
  function isInCircle(start: PlannedItem): boolean {
    let at: PlannedItem | undefined = start
    for (let step = 0; at && step <= planned.length; step += 1) {
      const held: RemoteEntity | undefined = existing.get(at.wanted?.toLowerCase() ?? '')
      at = held && planned.find(({ entity }) => entity?.remoteId === held.remoteId && leaving.has(held.remoteId))
      if (at === start) return true
    }
    return false
  }

  /** Of an item that cannot get its code now: one under a code for the moment gets back the one that it had. */
  function give(one: PlannedItem, told: TellAfter): Plan {
    const { candidate, entity, plan, wanted: code } = one
    const former = isInterim(entity) ? formerCode(candidate, context.settings) : null
    const isFree = former !== null && former !== code && holderOf(former.toLowerCase()) === undefined
    if (isFree && plan.kind === 'send' && isItem(plan.document))
      return { ...plan, document: { ...plan.document, code: former }, isInterim: true, tellAfter: told }
    const error = { ...told.error, cause: withCode(told.error.cause, entity) }
    return told.refused ? { kind: 'refused', error } : { kind: told.status, error }
  }

  function decide(one: PlannedItem): Plan {
    const { candidate, entity, plan, wanted: code } = one
    if (unneeded.has(candidate.record.id) && plan.kind !== 'excluded') {
      // One that stands in Xero is linked, unless somebody has more need of its code.
      const met = code === null || wantedByOthers.has(code.toLowerCase()) ? undefined : existing.get(code.toLowerCase())
      if (!met || holders.has(met.remoteId) || claimed.has(code?.toLowerCase() ?? ''))
        return { kind: 'not_needed', error: syncError('inactive_not_sent') }
    }
    if (code === null || plan.kind !== 'send' || !isItem(plan.document)) return plan
    const { refused, lastError } = candidate.item
    if (entity && stuck.has(entity.remoteId) && refused && lastError && isRefusedBefore(context, one))
      return give(one, { status: refused.status, error: lastError, refused })
    const holding = existing.get(code.toLowerCase())
    const rival = claimed.get(code.toLowerCase())
    if (!holding && entity && stuck.has(entity.remoteId)) {
      const cause = `The code ${code} goes back to the item that had it: not every item of those that exchange their codes gets its own.`
      const error = syncError('duplicate_number', { cause, field: '/code' })
      return give(one, { status: 'conflict', error, refused: null })
    }
    if (!holding) {
      claimed.set(code.toLowerCase(), candidate.record.id)
      return plan
    }
    const holder = rival ?? holders.get(holding.remoteId)
    if (holder === undefined && !candidate.link) {
      claimed.set(code.toLowerCase(), candidate.record.id)
      return { kind: 'adopt', type: 'item', entity: holding, by: 'code' }
    }
    if (holder !== undefined && deleting.has(holder)) return { kind: 'wait' }
    if (rival === undefined && isLater(holding.remoteId)) {
      // Its holder waits itself, perhaps for this very item: whoever has left its own code holds up nobody.
      if (!entity || isInterim(entity)) return { kind: 'wait' }
      return { ...plan, document: { ...plan.document, code: interimCode(entity.remoteId) }, isInterim: true }
    }
    if (rival === undefined && leaving.has(holding.remoteId)) {
      // All of a circle leave their codes first: what Xero refuses of one of them, it refuses before another one has its code.
      if (!entity || !isInCircle(one)) return { kind: 'wait' }
      return { ...plan, document: { ...plan.document, code: interimCode(entity.remoteId) }, isInterim: true }
    }
    const whose = holder === undefined ? 'stands there already' : `belongs to the record ${holder}`
    const cause = `The item ${holding.code} in Xero ${whose}.`
    // Nobody is linked to two items: one that is an item already leaves it first.
    const isLinkable = candidate.link !== null && holder === undefined
    const more = {
      ...{ cause, field: '/code', candidates: candidatesOf([holding]) },
      ...(isLinkable && { action: relink }),
    }
    return give(one, { status: 'conflict', error: syncError('duplicate_number', more), refused: null })
  }

  return new Map(planned.map((one) => [one.candidate.item.id, decide(one)]))
}
