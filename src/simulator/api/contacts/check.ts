// The rules that a contact must keep. Messages are Xero's where they are known.
import { type JsonObject, objects, text } from '../../json.ts'
import type { Contact, Organisation, TextMap } from '../../state.ts'
import {
  addressTexts,
  addressTypes,
  mostPersons,
  nameLength,
  paymentTermTypes,
  phoneTexts,
  phoneTypes,
  texts,
} from './fields.ts'

const tooLong = (name: string, length: number) => `The length of the ${name} field cannot exceed ${length} characters`

function lengths(values: Record<string, string>, table: Record<string, number>): string[] {
  return Object.entries(table).flatMap(([name, length]) =>
    (values[name]?.length ?? 0) > length ? [tooLong(name, length)] : [],
  )
}

function nameProblems(contact: Contact, others: Contact[]): string[] {
  const { Name } = contact
  if (Name.trim() === '') return ['The Contact Name must be specified']
  const problems: string[] = []
  if (Name.length > nameLength) problems.push(tooLong('Name', nameLength))
  if (/[<>]/.test(Name)) problems.push('The contact name cannot contain angle brackets')
  const taken = others.some(
    (one) =>
      one.ContactStatus === 'ACTIVE' &&
      one.Name.length === Name.length &&
      one.Name.toLowerCase() === Name.toLowerCase(),
  )
  if (contact.ContactStatus === 'ACTIVE' && taken)
    problems.push(
      `The contact name ${Name} is already assigned to another contact. The contact name must be unique across all active contacts.`,
    )
  return problems
}

function termsProblems(contact: Contact): string[] {
  return [contact.paymentTerms.Bills, contact.paymentTerms.Sales].flatMap((term) => {
    if (!term) return []
    if (!paymentTermTypes.includes(term.Type)) return [`The payment term type ${term.Type} is not valid`]
    const [least, most] = term.Type.startsWith('OF') ? [1, 31] : [0, 365]
    const fits = Number.isInteger(term.Day) && term.Day >= least && term.Day <= most
    return fits ? [] : [`Payment terms day must be between ${least} and ${most}.`]
  })
}

/** Of a contact that stands, what a request names: imports left values there that Xero would not take from a request. */
function named(contact: Contact, sent: JsonObject): Contact {
  const ofTypes = (entries: TextMap[], list: string, type: string) => {
    const types = objects(sent[list]).map((entry) => text(entry, type))
    return entries.filter((entry) => types.includes(entry[type]))
  }
  return {
    ...contact,
    texts: Object.fromEntries(Object.entries(contact.texts).filter(([name]) => name in sent)),
    addresses: ofTypes(contact.addresses, 'Addresses', 'AddressType'),
    phones: ofTypes(contact.phones, 'Phones', 'PhoneType'),
    persons: Array.isArray(sent.ContactPersons) ? contact.persons : [],
    paymentTerms: sent.PaymentTerms === undefined ? {} : contact.paymentTerms,
  }
}

/** A request adds persons only beside a main person with an e-mail address. */
export function personProblems({ texts: { FirstName, LastName, EmailAddress } }: Contact, sent: JsonObject): string[] {
  if (objects(sent.ContactPersons).length === 0 || EmailAddress) return []
  const lacks = FirstName || LastName ? 'the primary person has no email address' : 'primary person has not been'
  return [`Additional people cannot be added when ${lacks} set.`]
}

/** `sent`: the request, where it changes a contact that stands. */
export function contactProblems(organisation: Organisation, whole: Contact, sent?: JsonObject): string[] {
  const contact = sent ? named(whole, sent) : whole
  const others = [...organisation.contacts.values()].filter((one) => one.ContactID !== contact.ContactID)
  const isNamed = sent === undefined || text(sent, 'Name') !== undefined
  const problems = [...(isNamed ? nameProblems(contact, others) : []), ...lengths(contact.texts, texts)]
  const { ContactNumber, AccountNumber, EmailAddress, DefaultCurrency } = contact.texts
  if (ContactNumber && others.some((one) => one.texts.ContactNumber === ContactNumber))
    problems.push(`Another contact has this contact number ${ContactNumber}. The contact number must be unique.`)
  if (
    AccountNumber &&
    others.some((one) => one.ContactStatus === 'ACTIVE' && one.texts.AccountNumber === AccountNumber)
  )
    problems.push('The Account Number already exists. Please enter a different Account Number.')
  if (EmailAddress && !/^[^\s@<>]+@[^\s@<>]+\.[^\s@<>]+$/.test(EmailAddress))
    problems.push('Email address must be valid.')
  if (DefaultCurrency && !organisation.currencies.has(DefaultCurrency))
    problems.push(`Organisation is not subscribed to currency ${DefaultCurrency}`)
  for (const name of ['SalesDefaultAccountCode', 'PurchasesDefaultAccountCode']) {
    const code = contact.texts[name]
    if (code && !organisation.accounts.has(code)) problems.push(`Account code '${code}' is not a valid code.`)
  }
  for (const name of ['AccountsReceivableTaxType', 'AccountsPayableTaxType']) {
    const tax = contact.texts[name]
    if (tax && !organisation.taxRates.has(tax)) problems.push(`TaxType '${tax}' is not valid`)
  }
  for (const address of contact.addresses) {
    if (!addressTypes.includes(address.AddressType ?? '')) problems.push('The address type is not valid for a contact')
    problems.push(...lengths(address, addressTexts))
  }
  for (const phone of contact.phones) {
    if (!phoneTypes.includes(phone.PhoneType ?? '')) problems.push('The phone type is not valid')
    problems.push(...lengths(phone, phoneTexts))
  }
  if (contact.persons.length > mostPersons)
    problems.push(`A maximum of ${mostPersons} contact persons may be specified`)
  return [...problems, ...termsProblems(contact)]
}
