// What stands in the model of Xero: a document as it is read, and what an update leaves of what stood before.
import type { WriteElement } from '../../../src/accounting/provider.ts'
import { add, multiply, round } from '../../../src/domain/decimal.ts'
import type {
  Posted,
  PostedAddress,
  PostedContact,
  PostedDocument,
  PostedItemSide,
} from '../../../src/domain/posting/posted.ts'
import type { StandingDocument } from '../../../src/domain/standing-document.ts'
import { canonicalJson } from '../../../src/lib/json.ts'
import type { Stored } from './organisation.ts'

/** Without tax: the model has one rate of nil. */
export const totalOf = ({ lines }: PostedDocument): string =>
  add('0', ...lines.map((line) => round(multiply(line.quantity, line.unitAmount), 2)))

/** A document as it is read by its id, or shown by the answer to a write. */
export function standingOf({ id, posted, number, status, updatedAt, lineIds }: Stored): StandingDocument | undefined {
  if (posted.list !== 'invoices') return undefined
  const text = (value: string | undefined) => value ?? null
  const total = totalOf(posted)
  return {
    kind: posted.kind,
    remote: { remoteId: id, number, status, updatedAt: new Date(updatedAt).toISOString(), lineIds: {} },
    content: {
      contactRemoteId: posted.contactRemoteId,
      date: posted.date,
      dueDate: text(posted.dueDate),
      number,
      reference: posted.kind === 'sale' ? text(posted.reference) : null,
      url: text(posted.url) || null,
      currency: text(posted.currency),
      exchangeRate: text(posted.exchangeRate),
      amounts: 'Exclusive',
      brandingThemeId: null,
      sentToContact: false,
      lines: posted.lines.map((line) => ({
        remoteId: lineIds[line.lineId] ?? '',
        description: line.description,
        quantity: line.quantity,
        unitAmount: line.unitAmount,
        discountRate: text(line.discountRate),
        discountAmount: null,
        lineAmount: round(multiply(line.quantity, line.unitAmount), 2),
        taxAmount: '0',
        taxType: text(line.taxType),
        itemCode: text(line.itemCode),
        itemId: null,
        accountCode: text(line.accountCode),
        accountId: null,
        tracking: [],
      })),
    },
    subtotal: total,
    tax: '0',
    total,
    amountDue: total,
    settled: '0',
    fullyPaidOn: null,
  }
}

const defined = <T extends object>(fields: T): Partial<T> =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Partial<T>

/** A default of the settings fills an account that is empty. */
function side(before: PostedItemSide | undefined, sent: PostedItemSide | undefined): PostedItemSide | undefined {
  if (!sent) return before
  const accountCode = sent.accountCode ?? (before?.accountCode || sent.accountOtherwise)
  const { accountOtherwise: _, taxOtherwise: __, ...rest } = { ...before, ...defined(sent) }
  return { ...rest, ...(accountCode !== undefined && { accountCode }) }
}

/** What Xero makes of a new contact or item. Nobody but a person gives a contact a web site. */
export function filled(posted: Posted, isOurs: boolean): Posted {
  if (posted.list === 'contacts') {
    const { website, ...rest } = posted
    const { addresses = [], contactPersons } = posted
    return { ...rest, ...(!isOurs && { website }), addresses: addresses.filter(isFilled), contactPersons }
  }
  if (posted.list !== 'items') return posted
  return { ...posted, sales: side(undefined, posted.sales), purchase: side(undefined, posted.purchase) }
}

/** A phone that is not named stays; one without a number goes. */
const phonesOver = (before: PostedContact['phones'], sent: PostedContact['phones']): PostedContact['phones'] => [
  ...before.filter(({ kind }) => !sent.some((one) => one.kind === kind)),
  ...sent.filter(({ number }) => number !== ''),
]

const isFilled = ({ kind: _, lines = [], ...parts }: PostedAddress): boolean =>
  lines.length > 0 || Object.values(parts).some((part) => part !== undefined && part !== '')

const isSame = (one: unknown, other: unknown): boolean => canonicalJson(one ?? null) === canonicalJson(other ?? null)

/** As the provider writes them: once one differs, each is named whole, those that are not said as they were last seen. */
function addressesOver(
  before: PostedContact['addresses'],
  sent: PostedContact['addresses'],
  standing: PostedContact['addresses'] | null,
): PostedContact['addresses'] {
  const there = (kind: PostedAddress['kind']) => standing?.find((one) => one.kind === kind)
  const stands = (one: PostedAddress) =>
    standing !== null && (isFilled(one) ? isSame(one, there(one.kind)) : there(one.kind) === undefined)
  if (sent.every(stands)) return before
  const named = (['billing', 'shipping'] as const).flatMap((kind) => {
    return sent.find((one) => one.kind === kind) ?? there(kind) ?? []
  })
  return [...before.filter(({ kind }) => !named.some((one) => one.kind === kind)), ...named.filter(isFilled)]
}

/** A list of persons replaces the one that stands there. */
function personsOver(
  before: PostedContact['contactPersons'],
  sent: PostedContact['contactPersons'],
  standing: PostedContact['contactPersons'] | null,
): PostedContact['contactPersons'] {
  const texts = (persons: PostedContact['contactPersons'] | null) => (persons ?? []).map(canonicalJson).sort()
  return sent === undefined || (standing !== null && isSame(texts(sent), texts(standing))) ? before : sent
}

/** An update names only what differs from what was last seen; everything else stays as it stands (xero.md, Invoices and bills). */
export function over(before: Posted, { posted, standing }: Pick<WriteElement, 'posted' | 'standing'>): Posted {
  if (before.list !== posted.list) return posted
  // Of a header, only the reference of an invoice is sent always, to take it away where there is none.
  if (posted.list === 'invoices') {
    const reference = posted.kind === 'sale' ? { reference: posted.reference } : {}
    return { ...before, ...defined(posted), ...reference } as Posted
  }
  const isSent = ([field, value]: [string, unknown]) =>
    value !== undefined && canonicalJson(value) !== canonicalJson(standing?.fields[field] ?? null)
  const sent = Object.fromEntries(Object.entries(posted).filter(isSent))
  if (posted.list === 'contacts' && before.list === 'contacts') {
    const seen = standing?.fields as Partial<PostedContact> | undefined
    const lists = {
      phones: phonesOver(before.phones, posted.phones),
      addresses: addressesOver(before.addresses, posted.addresses, seen ? (seen.addresses ?? []) : null),
      contactPersons: personsOver(
        before.contactPersons,
        posted.contactPersons,
        seen ? (seen.contactPersons ?? []) : null,
      ),
    }
    return { ...before, ...sent, ...lists, website: before.website } as Posted
  }
  if (posted.list !== 'items' || before.list !== 'items') return { ...before, ...sent } as Posted
  return {
    ...before,
    ...sent,
    sales: side(before.sales, posted.sales),
    purchase: side(before.purchase, posted.purchase),
  } as Posted
}
