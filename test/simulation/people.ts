// What people do in Xero of a company with books: they enter, change, archive and merge; and how the product answers to it.
import type { RecordType } from '../../src/domain/entity-types.ts'
import type { Posted, PostedContact, PostedItem } from '../../src/domain/posting/posted.ts'
import type { Body } from '../support/drawn-records.ts'
import { type BookAct, type BookContact, type BookItem, touchable } from './books.ts'
import type { Company } from './company.ts'
import { withParts } from './parts.ts'
import type { Random } from './random.ts'
import type { Stage } from './stage.ts'
import { fold, isLive, type Organisation, type Stored, standsFor } from './xero/organisation.ts'
import type { Trail } from './xero/trail.ts'

const contactIn = ({ name, email, firstName, lastName, phone, parts = {} }: BookContact): PostedContact => ({
  list: 'contacts',
  contactNumber: '',
  name,
  ...(email !== undefined && { email }),
  ...(firstName !== undefined && { firstName }),
  ...(lastName !== undefined && { lastName }),
  phones: phone === undefined ? [] : [{ kind: 'default', number: phone }],
  addresses: [],
  archived: false,
  ...withParts({}, parts),
})

const itemIn = ({ code, name, description, price, income, expense, parts = {} }: BookItem): PostedItem => ({
  list: 'items',
  code,
  name,
  ...(description !== undefined && { description }),
  isSold: true,
  isPurchased: true,
  sales: { unitPrice: price, ...(income !== undefined && { accountCode: income }) },
  purchase: expense === undefined ? {} : { accountCode: expense },
  ...withParts({}, parts),
})

/** What stands in Xero of a record, as a person finds it. */
export function standingFor(
  organisation: Organisation,
  trail: Trail,
  company: Company,
  type: RecordType,
  id: string,
): Stored | null {
  const written = organisation.get(trail.remoteOf(`${type}:${id}`) ?? '')
  if (written && isLive(written)) return written
  const name = company.wanted.get(`${type}:${id}`)?.body.name
  const isIt = ({ posted }: Stored) =>
    standsFor(posted, type, id) ||
    (posted.list === 'contacts' &&
      (type === 'customer' || type === 'vendor') &&
      fold(posted.name) === fold(String(name)))
  return organisation.all().find((one) => isLive(one) && isIt(one)) ?? null
}

function edited(posted: Posted, field: string, value: string): Posted {
  if (posted.list === 'items' && field === 'salePrice')
    return { ...posted, sales: { ...posted.sales, unitPrice: value } }
  if (posted.list === 'items' && field === 'incomeAccount')
    return { ...posted, sales: { ...posted.sales, accountCode: value } }
  if (posted.list === 'items' && field === 'purchasePrice')
    return { ...posted, purchase: { ...posted.purchase, unitPrice: value } }
  if (posted.list === 'items' && field === 'expenseAccount')
    return { ...posted, purchase: { ...posted.purchase, accountCode: value } }
  if (posted.list === 'invoices' && field === 'price') {
    return { ...posted, lines: posted.lines.map((line, n) => (n === 0 ? { ...line, unitAmount: value } : line)) }
  }
  return withParts(posted, { [field]: value })
}

/** A person changes a field of what stands in Xero of a record. */
function touch(
  organisation: Organisation,
  trail: Trail,
  company: Company,
  { type, id, field, value }: Omit<Extract<BookAct, { kind: 'touch' }>, 'kind'>,
): boolean {
  const there = standingFor(organisation, trail, company, type, id)
  if (!there || there.status === 'ARCHIVED') return false
  // Xero takes no name twice.
  organisation.touch(there.id, { posted: edited(there.posted, field, value) })
  if (there.posted.list === 'invoices') company.edited.add(id)
  return true
}

/** Before the first replay, between both, and in the quiet time. */
const moments = [
  [500, 14_000],
  [15_000, 59_000],
  [60_000, 360_000],
] as const

/** People who edit what was just written when nobody hears the answer. */
export function busyPeople({ agenda, model, isFaulty }: Stage, companies: readonly Company[], random: Random): void {
  let drawn = 0
  model.unheard = (organisationId, records) => {
    const company = companies.find((one) => one.organisationId === organisationId)
    const organisation = model.organisations.get(organisationId)
    const isLucky = random.chance(0.4)
    if (!company || !organisation || records.length === 0 || !isLucky) return
    const [type, id] = random.pick(records).split(':') as [RecordType, string]
    const field = random.pick(touchable[type])
    drawn += 1
    const values: Readonly<Record<string, string>> = {
      ...{ price: `${random.between(1, 99)}.50`, salePrice: `${random.between(1, 99)}.25`, incomeAccount: '202' },
      ...{ dueDate: `2026-12-${random.between(10, 28)}`, email: `busy${drawn}@example.com` },
    }
    const value = values[field] ?? `Busy ${company.tag} ${drawn}`
    const [soonest, latest] = random.pick(moments)
    agenda.at(agenda.now() + random.between(soonest, latest), () => {
      if (!isFaulty() || !touch(organisation, model.trail, company, { type, id, field, value })) return
      agenda.trace(() => `a person edits ${field} of ${type} ${id}, of which no answer was heard`)
      model.reached('edited while no answer was heard')
    })
  }
}

export async function inBooks(stage: Stage, company: Company, act: BookAct): Promise<void> {
  const { front, model } = stage
  const { companyId, connectionId, wanted } = company
  const organisation = model.organisations.get(company.organisationId)
  if (!organisation) return
  const find = (type: RecordType, id: string) => standingFor(organisation, model.trail, company, type, id)
  switch (act.kind) {
    case 'books':
      for (const posted of [...act.contacts.map(contactIn), ...act.items.map(itemIn)]) {
        organisation.create({ posted, remoteId: null, lineIds: {} }, false)
      }
      return
    case 'touch':
      touch(organisation, model.trail, company, act)
      return
    case 'archive': {
      const there = find(act.type, act.id)
      if (there) organisation.touch(there.id, { status: 'ARCHIVED' })
      return
    }
    case 'merge': {
      const from = find('customer', act.id)
      const { into } = act
      const isNamed = ({ posted, status }: Stored) =>
        'name' in into && posted.list === 'contacts' && status === 'ACTIVE' && posted.name === into.name
      const target = 'id' in into ? find('customer', into.id) : organisation.all().find(isNamed)
      if (!from || !target || from.id === target.id) return
      if (from.status !== 'ACTIVE' || target.status !== 'ACTIVE') return
      organisation.touch(from.id, { status: 'ARCHIVED', mergedInto: target.id })
      return
    }
    case 'resolve': {
      await front.records.resolveConflict(companyId, connectionId, act.type, act.id, act.keep)
      const there = find(act.type, act.id)
      if (there && act.keep === 'product') model.trail.accepted(there.id)
      stage.reached.set('a conflict decided', (stage.reached.get('a conflict decided') ?? 0) + 1)
      return
    }
    case 'amend': {
      const known = wanted.get(`${act.type}:${act.id}`)
      if (!known || known.deleted) return
      const { record } = await front.records.get(companyId, connectionId, act.type, act.id)
      const current = record as unknown as Readonly<Record<string, unknown>>
      const followed = Object.fromEntries(Object.keys(known.body).map((field) => [field, current[field]]))
      const own = act.isDeaf ? known.body : followed
      const body = withParts({ ...own, ...act.fields, id: act.id }, act.parts ?? {})
      const given = Object.fromEntries(Object.entries(body).filter(([, value]) => value !== undefined)) as Body
      return company.put(act.type, [given])
    }
  }
}
