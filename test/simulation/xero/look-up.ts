// What a look-up finds in the model of Xero, and whether it is the document that would be posted.
import type { AlikeDocument } from '../../../src/accounting/provider.ts'
import type { FoundDocument } from '../../../src/domain/found-document.ts'
import { contentKeyOf } from '../../../src/domain/posting/marker.ts'
import type { Posted, PostedAddress, PostedContact, PostedDocument } from '../../../src/domain/posting/posted.ts'
import { contactOf, itemOf } from './lists.ts'
import { fold, isLive, markerOf, type Organisation, type Stored } from './organisation.ts'
import { standingOf, totalOf } from './standing.ts'

/** A field that is absent stays as it stands. */
const isLeftAs = (posted: string | undefined, there: string | undefined): boolean =>
  posted === undefined || posted === (there ?? '')

/** Entries of a contact that would be written over, or are not there: a text that is empty takes away what stands there. */
function contactDifferences(posted: PostedContact, there: PostedContact): [string, boolean][] {
  const address = ({ lines, city = '', region = '', postalCode = '', country = '' }: Omit<PostedAddress, 'kind'>) =>
    JSON.stringify([lines.filter((line) => line !== ''), city, region, postalCode, country])
  const addressOf = (kind: string) => there.addresses.find((one) => one.kind === kind) ?? { lines: [] }
  const numberOf = (kind: string) => there.phones.find((one) => one.kind === kind)?.number ?? ''
  const persons = ({ contactPersons = [] }: PostedContact) =>
    JSON.stringify(contactPersons.map(({ firstName = '', lastName = '', email = '' }) => [firstName, lastName, email]))
  const texts = ['email', 'firstName', 'lastName', 'accountNumber', 'taxNumber'] as const
  return [
    ['name', posted.name === there.name],
    ...texts.map((field): [string, boolean] => [field, isLeftAs(posted[field], there[field])]),
    ['addresses', posted.addresses.every((one) => address(one) === address(addressOf(one.kind)))],
    ['phones', posted.phones.every(({ kind, number }) => number === numberOf(kind))],
    ['contactPersons', posted.contactPersons === undefined || persons(posted) === persons(there)],
  ]
}

function differences(posted: Posted, stored: Stored): string[] {
  const there = stored.posted
  const fields: [string, boolean][] = []
  if (posted.list === 'contacts' && there.list === 'contacts') {
    fields.push(...contactDifferences(posted, there), ['status', posted.archived === (stored.status === 'ARCHIVED')])
  } else if (posted.list === 'items' && there.list === 'items') {
    fields.push(['name', posted.name === there.name], ['description', isLeftAs(posted.description, there.description)])
    fields.push(['salePrice', (posted.sales?.unitPrice ?? '') === (there.sales?.unitPrice ?? '')])
  } else if (posted.list === 'invoices' && there.list === 'invoices') {
    fields.push(['number', posted.number === undefined || posted.number === stored.number])
    fields.push(['status', isLive(stored)], ['contact', posted.contactRemoteId === there.contactRemoteId])
    fields.push(['date', posted.date === there.date], ['total', totalOf(posted) === totalOf(there)])
    fields.push(['dueDate', posted.dueDate === undefined || posted.dueDate === there.dueDate])
    const isReferred = posted.kind === 'bill' || there.kind === 'bill' || posted.reference === undefined
    fields.push(['reference', isReferred || posted.reference === there.reference])
    fields.push(['lines', posted.lines.length === there.lines.length])
  }
  return fields.filter(([, same]) => !same).map(([name]) => name)
}

/** Bills are asked for by their number, and known by their address; a person's has none. */
function isSameBill(there: PostedDocument, document: PostedDocument, isMarked: boolean): boolean {
  if (there.kind !== document.kind || fold(there.number ?? '') !== fold(document.number ?? '')) return false
  return isMarked ? there.url === document.url : there.url === '' && there.contactRemoteId === document.contactRemoteId
}

function isDocument({ posted: there, number }: Stored, document: Posted, isMarked: boolean): boolean {
  if (there.list !== 'invoices' || document.list !== 'invoices')
    return isMarked && there.list === document.list && fold(markerOf(there)) === fold(markerOf(document))
  if (there.kind === 'bill' || document.kind === 'bill') return isSameBill(there, document, isMarked)
  const marker = document.number === undefined ? there.reference : number
  return isMarked && fold(marker ?? '') === fold(markerOf(document))
}

/** Live, of the same contact, under the same name, whoever made it. */
function isNamesake(stored: Stored, document: Posted): boolean {
  const there = stored.posted
  if (there.list !== 'invoices' || document.list !== 'invoices' || there.kind !== document.kind) return false
  const names =
    document.kind === 'sale' && document.number === undefined
      ? [there.kind === 'sale' ? there.reference : undefined, document.reference]
      : [stored.number, document.number]
  const [is, wanted] = names.map((name) => fold(name ?? ''))
  return isLive(stored) && there.contactRemoteId === document.contactRemoteId && is === wanted
}

export function found(
  organisation: Organisation,
  posted: readonly Posted[],
  { since = 0, namesakes = false }: { readonly since?: number; readonly namesakes?: boolean } = {},
): FoundDocument[] {
  const visible = organisation.visible().filter(({ updatedAt }) => updatedAt >= since)
  return posted.flatMap((document) => {
    const marked = visible.filter((stored) => isDocument(stored, document, true))
    const unmarked = marked.length > 0 ? [] : visible.filter((one) => isLive(one) && isDocument(one, document, false))
    const namesakesOf = visible.filter((one) => isNamesake(one, document) || (isLive(one) && marked.includes(one)))
    const hits = namesakes ? namesakesOf : [...marked, ...unmarked]
    return hits.map((stored) => hitOf(document, stored, marked.includes(stored)))
  })
}

const hitOf = (document: Posted, stored: Stored, isMarked: boolean): FoundDocument => ({
  marker: markerOf(document),
  soughtAs: contentKeyOf(document),
  isMarked,
  remote: {
    remoteId: stored.id,
    number: stored.number,
    status: stored.posted.list === 'items' ? null : stored.status,
    updatedAt: new Date(stored.updatedAt).toISOString(),
    lineIds: stored.lineIds,
  },
  standing: standingOf(stored),
  differences: differences(document, stored),
  seen: contactOf(stored) ?? itemOf(stored),
})

/** What changed since and says the same, or something of it, under whatever name. */
export function alike(organisation: Organisation, posted: readonly Posted[], since: number): AlikeDocument[] {
  const visible = organisation.visible().filter(({ updatedAt }) => updatedAt >= since)
  return posted.flatMap((document) =>
    visible.flatMap((stored): AlikeDocument[] => {
      const likeness = likenessOf(document, stored)
      if (likeness === null) return []
      const isMarked = likeness === 'address'
      return [{ ...hitOf(document, stored, isMarked), likeness }]
    }),
  )
}

function likenessOf(document: Posted, stored: Stored): AlikeDocument['likeness'] | null {
  const there = stored.posted
  const differing = differences(document, stored)
  const agree = (...names: string[]) => names.every((name) => !differing.includes(name))
  if (document.list === 'items' && there.list === 'items') return agree('name', 'salePrice') ? 'same' : null
  if (document.list !== 'invoices' || there.list !== 'invoices') return null
  if (document.kind !== there.kind || !stored.byApp) return null
  if (document.url !== undefined && document.url !== '' && document.url === there.url) return 'address'
  if (agree('contact', 'total', 'lines') && (there.kind === 'sale' || there.url === '')) return 'same'
  if (!isLive(stored)) return null
  return agree('total', 'lines') || (agree('contact') && (agree('total') || agree('lines') || agree('date')))
    ? 'some'
    : null
}

/** Another bill of the same number stands there, and says whose it is. */
export const hasTwin = (organisation: Organisation, document: Posted): boolean =>
  document.list === 'invoices' &&
  document.kind === 'bill' &&
  organisation.visible().some(({ posted }) => {
    const isBill = posted.list === 'invoices' && posted.kind === 'bill' && posted.number === document.number
    return isBill && posted.url !== '' && posted.url !== document.url
  })
