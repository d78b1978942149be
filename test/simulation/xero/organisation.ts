// One organisation of the model of Xero: its contacts, items and invoices, with the uniqueness that Xero keeps (xero.md, Invoices and bills)
// and what its lists show, which lags behind what it holds.
import type { ElementResult, WriteElement } from '../../../src/accounting/provider.ts'
import type { RecordType } from '../../../src/domain/entity-types.ts'
import type { RemoteRef } from '../../../src/domain/found-document.ts'
import type { Posted, Removal } from '../../../src/domain/posting/posted.ts'
import { syncError } from '../../../src/domain/sync-errors.ts'
import { contactOf, itemOf } from './lists.ts'
import { filled, over, standingOf } from './standing.ts'

export interface Stored {
  readonly id: string
  readonly posted: Posted
  readonly status: string
  readonly number: string | null
  readonly updatedAt: number
  readonly lineIds: Readonly<Record<string, string>>
  /** False when a person made it in Xero. */
  readonly byApp: boolean
  /** Of a contact: the one into which a person merged it. */
  readonly mergedInto?: string
}

interface Kept {
  /** What it is, and what the lists show of it from when on. */
  present: Stored | null
  readonly shown: { readonly from: number; readonly as: Stored | null }[]
}

export interface Organisation {
  readonly id: string
  connected: boolean
  create(element: WriteElement, byApp?: boolean): ElementResult
  update(element: WriteElement): ElementResult
  remove(removal: Removal, remoteId: string): ElementResult
  /** A person changes, archives or merges something; what belongs to a contact that was merged goes along. */
  touch(remoteId: string, change: Partial<Pick<Stored, 'posted' | 'status' | 'mergedInto'>>): void
  get(id: string): Stored | null
  /** What is there now. */
  all(): Stored[]
  /** What the lists show now. */
  visible(): Stored[]
  readonly rejections: { readonly marker: string; readonly code: string }[]
}

export const fold = (text: string): string => text.trim().toLowerCase()
export const isLive = ({ status }: Stored): boolean => status !== 'DELETED' && status !== 'VOIDED'

export const markerOf = (posted: Posted): string => {
  if (posted.list === 'contacts') return posted.contactNumber
  if (posted.list === 'items') return posted.code
  return posted.kind === 'bill' ? posted.url : (posted.number ?? posted.reference ?? '')
}

/** Whether a document is that of a record, under whatever number or address it stands. */
export function standsFor(posted: Posted, type: RecordType, id: string): boolean {
  const [marker, wanted] = [fold(markerOf(posted)), fold(id)]
  switch (type) {
    case 'customer':
      return posted.list === 'contacts' && marker === `c-${wanted}`
    case 'vendor':
      return posted.list === 'contacts' && marker === `v-${wanted}`
    case 'item':
      return posted.list === 'items' && marker === wanted
    case 'invoice':
      return posted.list === 'invoices' && posted.kind === 'sale' && marker.endsWith(`n-${wanted}`)
    case 'bill':
      return posted.list === 'invoices' && posted.kind === 'bill' && marker.endsWith(`/${wanted}`)
  }
}

const rejected = (code: Parameters<typeof syncError>[0]): ElementResult => ({
  kind: 'rejected',
  error: syncError(code),
})

export function organisation(
  id: string,
  around: { now: () => number; lag: () => number; newId: () => string; noted: (stored: Stored) => void },
): Organisation {
  const { now, lag, newId, noted } = around
  const kept = new Map<string, Kept>()
  const rejections: { marker: string; code: string }[] = []
  let numbered = 0

  function put(remoteId: string, as: Stored | null): void {
    const entry = kept.get(remoteId) ?? { present: null, shown: [] }
    entry.present = as
    // A later state never shows before an earlier one.
    entry.shown.push({ from: Math.max(now() + lag(), entry.shown.at(-1)?.from ?? 0), as })
    kept.set(remoteId, entry)
    if (as) noted(as)
  }

  const all = () => [...kept.values()].flatMap(({ present }) => present ?? [])

  const refOf = (stored: Stored): RemoteRef => ({
    remoteId: stored.id,
    number: stored.number,
    status: stored.posted.list === 'items' ? null : stored.status,
    updatedAt: new Date(stored.updatedAt).toISOString(),
    lineIds: stored.lineIds,
  })

  /** What Xero has against a document, or null. */
  function complaint(posted: Posted, own: string | null): Parameters<typeof syncError>[0] | null {
    const others = all().filter((other) => other.id !== own)
    if (posted.list === 'contacts') {
      const contacts = others.flatMap((other) =>
        other.posted.list === 'contacts' ? { ...other, as: other.posted } : [],
      )
      const number = fold(posted.contactNumber)
      if (number !== '' && contacts.some(({ as }) => fold(as.contactNumber) === number)) return 'duplicate_number'
      const active = contacts.filter(({ status }) => status === 'ACTIVE')
      return active.some(({ as }) => fold(as.name) === fold(posted.name)) ? 'contact_name_taken' : null
    }
    if (posted.list === 'items') {
      const taken = others.some(({ posted: as }) => as.list === 'items' && fold(as.code) === fold(posted.code))
      return taken ? 'duplicate_number' : null
    }
    const contact = kept.get(posted.contactRemoteId)?.present
    if (contact?.posted.list !== 'contacts') return 'not_found'
    if (contact.status !== 'ACTIVE') return 'contact_archived'
    // Any number of bills may bear one number, and that of an invoice too.
    if (posted.kind === 'bill') return null
    const number = posted.number
    const taken = others.some(
      (o) =>
        o.posted.list === 'invoices' &&
        o.posted.kind === 'sale' &&
        isLive(o) &&
        o.number !== null &&
        number !== undefined &&
        fold(o.number) === fold(number),
    )
    return taken ? 'duplicate_number' : null
  }

  /** Persons are added only beside a main person with an e-mail address (xero.md, Contacts). */
  function addsPersons(posted: Posted, before: Posted | null): boolean {
    if (posted.list !== 'contacts' || posted.email) return false
    const { contactPersons: persons = [] } = posted
    return persons.length > 0 && !(before?.list === 'contacts' && persons === before.contactPersons)
  }

  function refuse(posted: Posted, code: Parameters<typeof syncError>[0]): ElementResult {
    rejections.push({ marker: markerOf(posted), code })
    return rejected(code)
  }

  const numberOf = (posted: Posted, before: string | null): string | null => {
    if (posted.list === 'contacts') return posted.contactNumber
    if (posted.list === 'items') return posted.code
    numbered += posted.number === undefined && before === null ? 1 : 0
    return posted.number ?? before ?? `X-${numbered}`
  }

  const statusOf = (posted: Posted): string =>
    posted.list === 'contacts'
      ? posted.archived
        ? 'ARCHIVED'
        : 'ACTIVE'
      : posted.list === 'items'
        ? 'ACTIVE'
        : posted.status

  function save(posted: Posted, before: Stored | null, byApp: boolean): ElementResult {
    const lines = posted.list === 'invoices' ? posted.lines : []
    const stored: Stored = {
      id: before?.id ?? newId(),
      posted: filled(posted, byApp && before === null),
      status: statusOf(posted),
      number: numberOf(posted, before?.number ?? null),
      updatedAt: now(),
      lineIds: Object.fromEntries(lines.map((line) => [line.lineId, before?.lineIds[line.lineId] ?? newId()])),
      byApp,
    }
    put(stored.id, stored)
    const seen = contactOf(stored) ?? itemOf(stored)
    return { kind: 'written', remote: refOf(stored), warnings: [], seen, standing: standingOf(stored) }
  }

  return {
    id,
    connected: true,
    rejections,
    create({ posted }, byApp = true) {
      const against = complaint(posted, null) ?? (byApp && addsPersons(posted, null) ? 'persons_invalid' : null)
      return against ? refuse(posted, against) : save(posted, null, byApp)
    },
    update({ posted, remoteId, standing }) {
      const before = kept.get(remoteId ?? '')?.present
      if (!before) return refuse(posted, 'not_found')
      if (before.status === 'ARCHIVED') return refuse(posted, 'contact_archived')
      if (!isLive(before)) return refuse(posted, 'not_modifiable')
      const after = over(before.posted, { posted, standing })
      const against = complaint(posted, before.id) ?? (addsPersons(after, before.posted) ? 'persons_invalid' : null)
      return against ? refuse(posted, against) : save(after, before, before.byApp)
    },
    remove(removal, remoteId) {
      const before = kept.get(remoteId)?.present
      const gone = (status: string): ElementResult => ({
        kind: 'written',
        remote: {
          remoteId,
          number: before?.number ?? null,
          status,
          updatedAt: new Date(now()).toISOString(),
          lineIds: {},
        },
        warnings: [],
      })
      if (removal.list === 'items') {
        const code = before?.posted.list === 'items' ? before.posted.code : null
        if (!before || code === null) return gone('DELETED')
        if (removal.action === 'deactivate') {
          put(remoteId, {
            ...before,
            posted: { ...before.posted, isSold: false, isPurchased: false } as Posted,
            updatedAt: now(),
          })
          return gone('ACTIVE')
        }
        const used = all().some(
          ({ posted: as }) => as.list === 'invoices' && as.lines.some((line) => line.itemCode === code),
        )
        if (used) return refuse(before.posted, 'item_in_use')
        put(remoteId, null)
        return gone('DELETED')
      }
      if (!before) return rejected('not_found')
      const status = { archive: 'ARCHIVED', delete: 'DELETED', void: 'VOIDED' }[removal.action]
      if (before.status === 'ARCHIVED') return gone('ARCHIVED')
      const allowed = removal.action === 'archive' || (removal.action === 'void') === (before.status === 'AUTHORISED')
      if (!allowed && before.status !== status) return refuse(before.posted, 'not_modifiable')
      put(remoteId, { ...before, status, updatedAt: now() })
      return gone(status)
    },
    touch(remoteId, change) {
      const before = kept.get(remoteId)?.present
      if (!before) return
      put(remoteId, { ...before, ...change, updatedAt: now() })
      const into = change.mergedInto
      if (into === undefined) return
      for (const one of all()) {
        if (one.posted.list !== 'invoices' || one.posted.contactRemoteId !== remoteId) continue
        put(one.id, { ...one, posted: { ...one.posted, contactRemoteId: into }, updatedAt: now() })
      }
    },
    get: (remoteId) => kept.get(remoteId)?.present ?? null,
    all,
    visible: () => [...kept.values()].flatMap(({ shown }) => shown.findLast(({ from }) => from <= now())?.as ?? []),
  }
}
