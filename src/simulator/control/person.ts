// What a person does in Xero's own pages while the app is not looking. Some of it the API cannot do: merge contacts, bring an
// archived one back, set lock dates, archive an account.
import { applyContact, newContact } from '../api/contacts/apply.ts'
import { contactProblems } from '../api/contacts/check.ts'
import { contactByNumber } from '../api/contacts/find.ts'
import { contactView } from '../api/contacts/view.ts'
import { invoiceByKey } from '../api/invoices/find.ts'
import { saveInvoice } from '../api/invoices/save.ts'
import { invoiceView, livePayments } from '../api/invoices/view.ts'
import { itemProblems } from '../api/items/check.ts'
import { itemByKey } from '../api/items/find.ts'
import { applyItem, newItem, recodeLines } from '../api/items/handlers.ts'
import { itemView } from '../api/items/view.ts'
import { removePayment, savePayment } from '../api/payments/handlers.ts'
import { type JsonObject, objects } from '../json.ts'
import { number } from '../money.ts'
import type { Account, Contact, Invoice, Item, Organisation, TaxRate } from '../state.ts'
import { findOrganisation, type World } from '../world.ts'
import { personCall } from './as-person.ts'

/** How a person's fields are taken. A member is emptied by null. */
export interface Entering {
  /** True: no rule is asked and nothing is trimmed. Xero holds such values from imports, from times before a rule, or from
   * pages that are less strict than its API. */
  unchecked?: boolean
}

/** Organisations are named by id or name; contacts by id, number or name; items by id or code; invoices by id or number. */
export interface PersonControl {
  createContact(organisation: string, fields: JsonObject, how?: Entering): JsonObject
  editContact(organisation: string, contact: string, fields: JsonObject, how?: Entering): JsonObject
  archiveContact(organisation: string, contact: string): JsonObject
  restoreContact(organisation: string, contact: string): JsonObject
  mergeContacts(organisation: string, loser: string, winner: string): JsonObject
  addToGroup(organisation: string, group: string, contact: string): void
  createItem(organisation: string, fields: JsonObject, how?: Entering): JsonObject
  /** A changed code shows on every line that names the item. */
  editItem(organisation: string, item: string, fields: JsonObject, how?: Entering): JsonObject
  deleteItem(organisation: string, item: string): void
  createInvoice(organisation: string, fields: JsonObject): JsonObject
  editInvoice(organisation: string, invoice: string, fields: JsonObject): JsonObject
  addLine(organisation: string, invoice: string, line: JsonObject): JsonObject
  /** Lines are named by id, or counted from 0. */
  editLine(organisation: string, invoice: string, line: string | number, fields: JsonObject): JsonObject
  removeLine(organisation: string, invoice: string, line: string | number): JsonObject
  /** Nothing of the document but its stamp and HasAttachments changes. */
  attachFile(organisation: string, invoice: string): JsonObject
  voidInvoice(organisation: string, invoice: string): JsonObject
  deleteInvoice(organisation: string, invoice: string): JsonObject
  /** Pays the whole or a part of it from the bank account 090 or the account with this code. */
  payInvoice(
    organisation: string,
    invoice: string,
    options?: { amount?: number; account?: string; date?: string },
  ): JsonObject
  removePayments(organisation: string, invoice: string): JsonObject
  editAccount(
    organisation: string,
    code: string,
    fields: Partial<Pick<Account, 'Name' | 'Status' | 'TaxType' | 'Description'>>,
  ): void
  archiveAccount(organisation: string, code: string): void
  editTaxRate(organisation: string, taxType: string, fields: Partial<Pick<TaxRate, 'Name' | 'Status' | 'rate'>>): void
  editTrackingOption(
    organisation: string,
    option: { category: string; option: string },
    fields: { Name?: string; Status?: 'ACTIVE' | 'ARCHIVED' },
  ): void
  setLockDates(organisation: string, dates: { period?: string | null; endOfYear?: string | null }): void
  editOrganisation(organisation: string, profile: Partial<Organisation['profile']>): void
}

function fail(problems: string[]): never {
  throw new Error(problems.join(' '))
}

export function personControl(world: World): PersonControl {
  const at = () => world.clock.now().getTime()
  const contactOf = (organisation: Organisation, key: string): Contact =>
    organisation.contacts.get(key) ??
    contactByNumber(organisation, key) ??
    [...organisation.contacts.values()].find((one) => one.Name === key) ??
    fail([`there is no contact ${key}`])
  const itemOf = (organisation: Organisation, key: string): Item =>
    itemByKey(organisation, key) ?? fail([`there is no item ${key}`])
  const invoiceOf = (organisation: Organisation, key: string): Invoice =>
    invoiceByKey(organisation, key) ??
    [...organisation.invoices.values()].find((one) => one.InvoiceNumber === key) ??
    fail([`there is no invoice ${key}`])

  function keepContact(organisation: Organisation, contact: Contact, how: Entering = {}): JsonObject {
    const problems = how.unchecked ? [] : contactProblems(organisation, contact)
    if (problems.length > 0) fail(problems)
    organisation.contacts.set(contact.ContactID, contact)
    return contactView(organisation, contact, 'full', at())
  }
  function keepItem(organisation: Organisation, item: Item, how: Entering = {}): JsonObject {
    const problems = how.unchecked ? [] : itemProblems(organisation, item)
    if (problems.length > 0) fail(problems)
    organisation.items.set(item.ItemID, item)
    return itemView(item, false)
  }
  function keepInvoice(organisation: Organisation, fields: JsonObject, before: Invoice | undefined): JsonObject {
    const call = personCall(world, organisation, before ? 'POST' : 'PUT')
    const saved = saveInvoice(call, fields, before)
    if (Array.isArray(saved)) {
      call.transaction.rollback(0)
      return fail(saved)
    }
    const own = { ...saved, createdByApp: before?.createdByApp ?? false }
    organisation.invoices.set(own.InvoiceID, own)
    return invoiceView(organisation, own, 'full', at())
  }
  const entering = (how: Entering = {}) => ({ person: true, asItStands: how.unchecked ?? false })
  // Pages keep four digits of a price; values that nobody checked keep all of theirs.
  const pricing = (how: Entering = {}) => ({ at: at(), digits: how.unchecked ? 12 : 4, person: true })
  /** Lines that are only named stay as they are. */
  function withLines(
    organisation: Organisation,
    key: string,
    change: (lines: JsonObject[], at: (line: string | number) => JsonObject) => JsonObject[],
  ): JsonObject {
    const invoice = invoiceOf(organisation, key)
    const lines = objects(invoice.lines).map(({ LineItemID }): JsonObject => ({ LineItemID }))
    const named = (line: string | number) =>
      (typeof line === 'number' ? lines[line] : lines.find((one) => one.LineItemID === line)) ??
      fail([`the document has no line ${line}`])
    return keepInvoice(organisation, { LineItems: change(lines, named) }, invoice)
  }
  const inside =
    <Rest extends unknown[], Result>(act: (organisation: Organisation, ...rest: Rest) => Result) =>
    (organisation: string, ...rest: Rest): Result =>
      act(findOrganisation(world, organisation), ...rest)
  const status = (organisation: Organisation, key: string, ContactStatus: Contact['ContactStatus']) =>
    keepContact(organisation, { ...contactOf(organisation, key), ContactStatus, updatedAt: at() })
  const account = (organisation: Organisation, code: string, fields: Partial<Account>) => {
    const found = organisation.accounts.get(code) ?? fail([`there is no account ${code}`])
    organisation.accounts.set(code, { ...found, ...fields, updatedAt: at() })
  }

  return {
    createContact: inside((organisation, fields, how) =>
      keepContact(organisation, applyContact(newContact(at()), fields, at(), entering(how)), how),
    ),
    editContact: inside((organisation, key, fields, how) =>
      keepContact(organisation, applyContact(contactOf(organisation, key), fields, at(), entering(how)), how),
    ),
    archiveContact: inside((organisation, key) => status(organisation, key, 'ARCHIVED')),
    restoreContact: inside((organisation, key) => status(organisation, key, 'ACTIVE')),
    mergeContacts: inside((organisation, loser, winner) => {
      const lost = contactOf(organisation, loser)
      const kept = contactOf(organisation, winner)
      for (const invoice of organisation.invoices.values())
        if (invoice.contactId === lost.ContactID)
          organisation.invoices.set(invoice.InvoiceID, { ...invoice, contactId: kept.ContactID, updatedAt: at() })
      organisation.contacts.set(kept.ContactID, {
        ...kept,
        isCustomer: kept.isCustomer || lost.isCustomer,
        isSupplier: kept.isSupplier || lost.isSupplier,
      })
      return keepContact(organisation, {
        ...lost,
        ContactStatus: 'ARCHIVED',
        mergedTo: kept.ContactID,
        updatedAt: at(),
      })
    }),
    addToGroup: inside((organisation, group, contact) => {
      const found = [...organisation.contactGroups.values()].find(
        (one) => one.Name === group || one.ContactGroupID === group,
      )
      if (!found) return fail([`there is no contact group ${group}`])
      const { ContactID } = contactOf(organisation, contact)
      organisation.contactGroups.set(found.ContactGroupID, { ...found, contactIds: [...found.contactIds, ContactID] })
    }),
    createItem: inside((organisation, fields, how) =>
      keepItem(organisation, applyItem(newItem(at()), fields, pricing(how)), how),
    ),
    editItem: inside((organisation, key, fields, how) => {
      const before = itemOf(organisation, key)
      const kept = keepItem(organisation, applyItem(before, fields, pricing(how)), how)
      recodeLines(personCall(world, organisation, 'POST'), before.Code, String(kept.Code))
      return kept
    }),
    deleteItem: inside((organisation, key) => void organisation.items.delete(itemOf(organisation, key).ItemID)),
    createInvoice: inside((organisation, fields) => keepInvoice(organisation, fields, undefined)),
    editInvoice: inside((organisation, key, fields) => keepInvoice(organisation, fields, invoiceOf(organisation, key))),
    addLine: inside((organisation, key, line) => withLines(organisation, key, (lines) => [...lines, line])),
    editLine: inside((organisation, key, line, fields) =>
      withLines(organisation, key, (lines, at) => {
        const chosen = at(line)
        return lines.map((one) => (one === chosen ? { ...one, ...fields } : one))
      }),
    ),
    removeLine: inside((organisation, key, line) =>
      withLines(organisation, key, (lines, at) => {
        const chosen = at(line)
        return lines.filter((one) => one !== chosen)
      }),
    ),
    attachFile: inside((organisation, key) => {
      const attached = { ...invoiceOf(organisation, key), hasAttachments: true, updatedAt: at() }
      organisation.invoices.set(attached.InvoiceID, attached)
      return invoiceView(organisation, attached, 'full', at())
    }),
    voidInvoice: inside((organisation, key) =>
      keepInvoice(organisation, { Status: 'VOIDED' }, invoiceOf(organisation, key)),
    ),
    deleteInvoice: inside((organisation, key) =>
      keepInvoice(organisation, { Status: 'DELETED' }, invoiceOf(organisation, key)),
    ),
    payInvoice: inside((organisation, key, options = {}) => {
      const invoice = invoiceOf(organisation, key)
      const paid = savePayment(
        personCall(world, organisation, 'PUT'),
        {
          Invoice: { InvoiceID: invoice.InvoiceID },
          Account: { Code: options.account ?? '090' },
          Amount: options.amount ?? number(invoice.amountDue),
          ...(options.date === undefined ? {} : { Date: options.date }),
        },
        false,
      )
      if (Array.isArray(paid)) fail(paid)
      return invoiceView(organisation, invoiceOf(organisation, invoice.InvoiceID), 'full', at())
    }),
    removePayments: inside((organisation, key) => {
      const { InvoiceID } = invoiceOf(organisation, key)
      for (const payment of livePayments(organisation, InvoiceID))
        removePayment(personCall(world, organisation, 'POST'), payment)
      return invoiceView(organisation, invoiceOf(organisation, InvoiceID), 'full', at())
    }),
    editAccount: inside((organisation, code, fields) => account(organisation, code, fields)),
    archiveAccount: inside((organisation, code) => account(organisation, code, { Status: 'ARCHIVED' })),
    editTaxRate: inside((organisation, taxType, fields) => {
      const rate = organisation.taxRates.get(taxType) ?? fail([`there is no tax rate ${taxType}`])
      organisation.taxRates.set(taxType, { ...rate, ...fields })
    }),
    editTrackingOption: inside((organisation, { category, option }, fields) => {
      const found = [...organisation.trackingCategories.values()].find((one) => one.Name === category)
      if (!found?.Options.some((one) => one.Name === option)) return fail([`there is no tracking option ${option}`])
      const Options = found.Options.map((one) => (one.Name === option ? { ...one, ...fields } : one))
      organisation.trackingCategories.set(found.TrackingCategoryID, { ...found, Options })
    }),
    setLockDates: inside((organisation, { period, endOfYear }) => {
      organisation.profile = {
        ...organisation.profile,
        ...(period === undefined ? {} : { periodLockDate: period ?? undefined }),
        ...(endOfYear === undefined ? {} : { endOfYearLockDate: endOfYear ?? undefined }),
      }
    }),
    editOrganisation: inside((organisation, profile) => {
      organisation.profile = { ...organisation.profile, ...profile }
    }),
  }
}
