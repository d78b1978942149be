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
import { applyItem, newItem } from '../api/items/handlers.ts'
import { itemView } from '../api/items/view.ts'
import { removePayment, savePayment } from '../api/payments/handlers.ts'
import type { JsonObject } from '../json.ts'
import { number } from '../money.ts'
import type { Account, Contact, Invoice, Item, Organisation } from '../state.ts'
import { findOrganisation, type World } from '../world.ts'
import { personCall } from './as-person.ts'

/** Organisations are named by id or name; contacts by id, number or name; items by id or code; invoices by id or number. */
export interface PersonControl {
  createContact(organisation: string, fields: JsonObject): JsonObject
  editContact(organisation: string, contact: string, fields: JsonObject): JsonObject
  archiveContact(organisation: string, contact: string): JsonObject
  restoreContact(organisation: string, contact: string): JsonObject
  mergeContacts(organisation: string, loser: string, winner: string): JsonObject
  addToGroup(organisation: string, group: string, contact: string): void
  createItem(organisation: string, fields: JsonObject): JsonObject
  editItem(organisation: string, item: string, fields: JsonObject): JsonObject
  deleteItem(organisation: string, item: string): void
  createInvoice(organisation: string, fields: JsonObject): JsonObject
  editInvoice(organisation: string, invoice: string, fields: JsonObject): JsonObject
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

  function keepContact(organisation: Organisation, contact: Contact): JsonObject {
    const problems = contactProblems(organisation, contact)
    if (problems.length > 0) fail(problems)
    organisation.contacts.set(contact.ContactID, contact)
    return contactView(organisation, contact, 'full', at())
  }
  function keepItem(organisation: Organisation, item: Item): JsonObject {
    const problems = itemProblems(organisation, item)
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
    createContact: inside((organisation, fields) =>
      keepContact(organisation, applyContact(newContact(at()), fields, at())),
    ),
    editContact: inside((organisation, key, fields) =>
      keepContact(organisation, applyContact(contactOf(organisation, key), fields, at())),
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
    createItem: inside((organisation, fields) => keepItem(organisation, applyItem(newItem(at()), fields, 4, at()))),
    editItem: inside((organisation, key, fields) =>
      keepItem(organisation, applyItem(itemOf(organisation, key), fields, 4, at())),
    ),
    deleteItem: inside((organisation, key) => void organisation.items.delete(itemOf(organisation, key).ItemID)),
    createInvoice: inside((organisation, fields) => keepInvoice(organisation, fields, undefined)),
    editInvoice: inside((organisation, key, fields) => keepInvoice(organisation, fields, invoiceOf(organisation, key))),
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
