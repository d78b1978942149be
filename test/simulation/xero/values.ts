// The watched fields of what stands in the model of Xero, and of a record's body, under the same names and as text: of an address
// each part, each line of the street and each telephone for itself, of a person the name and the mailbox.
import type { Posted, PostedAddress, PostedContact } from '../../../src/domain/posting/posted.ts'

export type Values = Readonly<Record<string, string>>

type Person = NonNullable<PostedContact['contactPersons']>[number]
type Body = Readonly<Record<string, unknown>>

/** Accounts of the settings: no part of a record. */
export const defaults: Readonly<Record<string, string>> = { incomeAccount: '200', expenseAccount: '300' }
/** Only a person can change it in Xero. */
export const isReadOnly = (field: string): boolean => field === 'website'

const money = (value: string | undefined): string => (value === undefined || value === '' ? '' : String(Number(value)))
const filled = (values: Record<string, string | undefined>): Values =>
  Object.fromEntries(Object.entries(values).flatMap(([key, value]) => (value ? [[key, value]] : [])))

/** The key of a person; who has no name is known by the mailbox. */
const nameOf = ({ firstName, lastName, email }: Person): string =>
  [firstName, lastName].filter(Boolean).join(' ') || email || ''

function entriesOf({ phones = [], addresses = [], contactPersons = [] }: Partial<PostedContact>) {
  const dialled = phones.map(({ kind, number }) => [`phones/${kind}`, number])
  const parts = addresses.flatMap(({ kind, lines = [], ...rest }: Partial<PostedAddress>) => [
    ...lines.map((line, n) => [`addresses/${kind}/line ${n + 1}`, line]),
    ...Object.entries(rest).map(([part, value]) => [`addresses/${kind}/${part}`, value]),
  ])
  const persons = contactPersons.flatMap((person) => {
    const key = `contactPersons/${nameOf(person).toLowerCase()}`
    return [
      [`${key}/name`, nameOf(person)],
      [`${key}/email`, person.email],
    ]
  })
  return Object.fromEntries([...dialled, ...parts, ...persons])
}

/** The lines of a street are one block: who says another street takes all of the former one away. */
export const blockOf = (field: string): string => field.replace(/\/line \d+$/, '/lines')

/** The value of a field; of a line, those of all lines of the street. */
export const inBlock = (values: Values = {}, field: string): string[] =>
  Object.entries(values).flatMap(([one, value]) => (blockOf(one) === blockOf(field) ? value : []))

/** An update gives these back whole, as they were last seen: an edit since then is lost with them. */
const lists = ['addresses/', 'phones/', 'contactPersons/']
const ofSides = ['salePrice', 'purchasePrice', 'incomeAccount', 'expenseAccount']
export const isGivenBack = (field: string): boolean =>
  ofSides.includes(field) || lists.some((list) => field.startsWith(list))

export function valuesOf(posted: Posted): Values {
  if (posted.list === 'contacts') {
    const { name, email, firstName, lastName, website, accountNumber, taxNumber } = posted
    return filled({ name, email, firstName, lastName, website, accountNumber, taxNumber, ...entriesOf(posted) })
  }
  if (posted.list === 'items') {
    const { name, description, purchaseDescription, sales, purchase } = posted
    const prices = { salePrice: money(sales?.unitPrice), purchasePrice: money(purchase?.unitPrice) }
    const accounts = { incomeAccount: sales?.accountCode, expenseAccount: purchase?.accountCode }
    return filled({ name, description, purchaseDescription, ...prices, ...accounts })
  }
  const { date, dueDate, lines } = posted
  const reference = posted.kind === 'sale' ? posted.reference : undefined
  const texts = lines.map(({ description, quantity, unitAmount }) => [description, money(quantity), money(unitAmount)])
  return filled({ date, dueDate, reference, lines: JSON.stringify(texts) })
}

/** All that a body says, wherever it says it. */
export const saidIn = (body: unknown): string[] =>
  typeof body === 'object' && body !== null
    ? Object.values(body).flatMap(saidIn)
    : [String(body), ...(Number.isNaN(Number(body)) ? [] : [money(String(body))])]

/** Texts of the service's own. */
const ownWords: readonly string[] = ['Shipping', 'Other charge']

/** A part of a document that is known: itself, or, of a line whose item is not in Xero, the code and the text. */
export function isKnownPart(part: string, known: ReadonlySet<string>): boolean {
  const [code = '', ...text] = part.split(' ')
  return known.has(part) || ownWords.includes(part) || (known.has(code) && isKnownPart(text.join(' '), known))
}

/** Parts of a document's field: of its lines, each text, quantity and price. */
export const partsOf = (field: string, value: string): string[] =>
  (field === 'lines' ? (JSON.parse(value || '[]') as string[][]).flat() : [value]).filter((part) => part)

/** Whether lines are written with every part that a person changed as that person left it. */
export function isLeft(before: string, edited: string, written: string): boolean {
  const [were, are, become] = [before, edited, written].map((lines) => JSON.parse(lines || '[]') as string[][])
  if (!were || !are || become?.length !== are.length || were.length !== are.length) return false
  return are.every((parts, n) => parts.every((part, at) => part === were[n]?.[at] || part === become[n]?.[at]))
}

const names = [
  ...['name', 'email', 'firstName', 'lastName', 'website', 'accountNumber', 'taxNumber'],
  ...['description', 'purchaseDescription', 'incomeAccount', 'expenseAccount', 'date'],
]

/** The same of a record's body. */
export function valuesOfBody(body: Body): Values {
  const text = (field: string) => (body[field] === undefined ? undefined : String(body[field]))
  const prices = { salePrice: money(text('salePrice')), purchasePrice: money(text('purchasePrice')) }
  return filled({ ...Object.fromEntries(names.map((name) => [name, text(name)])), ...prices, ...entriesOf(body) })
}
