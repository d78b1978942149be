// Payments: list, by id, create (PUT, or POST of one), delete (POST of Status DELETED). A payment is never changed.
import { newId, zeroId } from '../../ids.ts'
import { compact, flag, isObject, type JsonObject, text } from '../../json.ts'
import { number, readDecimal, zero } from '../../money.ts'
import type { Account, Invoice, Organisation, Payment } from '../../state.ts'
import { dayToMs, isoSeconds, localToday, readDay, stamp } from '../../time.ts'
import { type Answer, missing, ok, refusal } from '../answer.ts'
import type { Call } from '../call.ts'
import { thinContact } from '../contacts/view.ts'
import { lockProblems } from '../invoices/dates.ts'
import { invoiceByKey } from '../invoices/find.ts'
import { invoiceView } from '../invoices/view.ts'
import { lists } from '../lists.ts'
import { readList } from '../read.ts'
import { elementsOf, writeBatch } from '../write.ts'

const behaviour = lists.Payments!

function paymentView(organisation: Organisation, payment: Payment, at: number, written: boolean): JsonObject {
  const account = [...organisation.accounts.values()].find((one) => one.AccountID === payment.accountId)
  const invoice = organisation.invoices.get(payment.invoiceId)
  const contact = invoice && organisation.contacts.get(invoice.contactId)
  return compact({
    PaymentID: payment.PaymentID,
    Date: stamp(dayToMs(payment.date)),
    BankAmount: number(payment.Amount),
    Amount: number(payment.Amount),
    Reference: payment.Reference ?? '',
    CurrencyRate: number(payment.CurrencyRate),
    PaymentType: invoice?.Type === 'ACCPAY' ? 'ACCPAYPAYMENT' : 'ACCRECPAYMENT',
    Status: payment.Status,
    UpdatedDateUTC: stamp(payment.updatedAt),
    UpdatedDateUTCString: isoSeconds(payment.updatedAt),
    HasAccount: true,
    IsReconciled: payment.IsReconciled,
    Account: account && { AccountID: account.AccountID, Code: account.Code },
    Invoice:
      invoice && written
        ? invoiceView(organisation, invoice, 'paged', at)
        : invoice && {
            Type: invoice.Type,
            InvoiceID: invoice.InvoiceID,
            InvoiceNumber: invoice.InvoiceNumber ?? '',
            Payments: [],
            CreditNotes: [],
            Prepayments: [],
            Overpayments: [],
            HasErrors: false,
            IsDiscounted: false,
            Contact: contact && thinContact(contact),
            LineItems: [],
            CurrencyCode: invoice.CurrencyCode,
          },
    HasValidationErrors: false,
  })
}

export function getPayments(call: Call): Answer {
  const { organisation } = call
  const [key] = call.segments
  if (key === undefined) {
    const rows = [...organisation.payments.values()].map((payment) => ({
      id: payment.PaymentID,
      updatedAt: payment.updatedAt,
      view: () => paymentView(organisation, payment, call.at, false),
    }))
    return readList(call, behaviour, rows)
  }
  const payment = organisation.payments.get(key.toLowerCase())
  if (!payment) throw missing('payment')
  return ok(call.world.app.name, call.at, 'Payments', [paymentView(organisation, payment, call.at, true)])
}

export function accountForPayment(organisation: Organisation, sent: unknown): Account | string {
  const account = [...organisation.accounts.values()].find(
    (one) => isObject(sent) && (one.AccountID === text(sent, 'AccountID') || one.Code === text(sent, 'Code')),
  )
  if (!account) return 'The account must be specified'
  return account.Status === 'ACTIVE' && (account.Type === 'BANK' || account.EnablePaymentsToAccount)
    ? account
    : 'Account type is invalid for making a payment to/from'
}

/** Puts a payment on the document, or takes it off (negative amount): a paid document reopens. */
export function settle(invoice: Invoice, amount: Payment['Amount'], date: string, at: number): Invoice {
  const amountPaid = invoice.amountPaid.plus(amount)
  const amountDue = invoice.total.minus(amountPaid)
  const paid = amountDue.eq(0)
  return {
    ...invoice,
    amountPaid,
    amountDue,
    Status: paid ? 'PAID' : 'AUTHORISED',
    fullyPaidOn: paid ? date : undefined,
    updatedAt: at,
  }
}

export function savePayment(call: Call, sent: JsonObject, createdByApp: boolean): Payment | string[] {
  const { organisation } = call
  const named = isObject(sent.Invoice) ? sent.Invoice : sent
  const key = text(named, 'InvoiceID') ?? text(named, 'InvoiceNumber')
  const invoice = key === undefined ? undefined : invoiceByKey(organisation, key)
  if (!invoice) return ['Payment must be for an existing invoice']
  const account = accountForPayment(organisation, sent.Account ?? sent)
  if (typeof account === 'string') return [account]
  const amount = readDecimal(sent.Amount)
  if (!amount?.gt(zero)) return ['Payment amount must be greater than zero']
  if (invoice.Status !== 'AUTHORISED' && invoice.Status !== 'PAID')
    return ['Payments can only be made against Authorised documents']
  if (amount.gt(invoice.amountDue)) return ['Payment amount exceeds the amount outstanding on this document']
  const date = readDay(sent.Date) ?? localToday(call.at, organisation.profile.zone)
  const locked = lockProblems(organisation, [date])
  if (locked.length > 0) return locked
  const payment: Payment = {
    PaymentID: newId(),
    invoiceId: invoice.InvoiceID,
    accountId: account.AccountID,
    Amount: amount,
    Reference: text(sent, 'Reference'),
    CurrencyRate: readDecimal(sent.CurrencyRate) ?? invoice.CurrencyRate,
    date,
    Status: 'AUTHORISED',
    IsReconciled: flag(sent, 'IsReconciled') ?? false,
    createdByApp,
    updatedAt: call.at,
  }
  call.transaction.set(organisation.payments, payment.PaymentID, payment)
  call.transaction.set(organisation.invoices, invoice.InvoiceID, settle(invoice, amount, date, call.at))
  call.transaction.note({ type: 'Payment', id: payment.PaymentID })
  return payment
}

export function removePayment(call: Call, payment: Payment): Payment {
  const { organisation } = call
  const deleted: Payment = { ...payment, Status: 'DELETED', updatedAt: call.at }
  call.transaction.set(organisation.payments, payment.PaymentID, deleted)
  const invoice = organisation.invoices.get(payment.invoiceId)
  if (invoice)
    call.transaction.set(
      organisation.invoices,
      invoice.InvoiceID,
      settle(invoice, payment.Amount.times(-1), payment.date, call.at),
    )
  call.transaction.note({ type: 'Payment', id: payment.PaymentID })
  return deleted
}

export function writePayments(call: Call): Answer {
  const { organisation } = call
  const [key] = call.segments
  const elements = elementsOf(call, behaviour)
  if (key === undefined)
    return writeBatch(call, behaviour, elements, (element) => {
      const saved = savePayment(call, element, true)
      if (Array.isArray(saved)) return { problems: saved, echo: { ...element, PaymentID: zeroId } }
      return { view: paymentView(organisation, saved, call.at, true) }
    })
  const payment = organisation.payments.get(key.toLowerCase())
  if (!payment) throw missing('payment')
  const problem = deletionProblem(payment, elements[0])
  if (problem !== undefined)
    throw refusal('ValidationException', 'A validation exception occurred', 400, [
      {
        ...paymentView(organisation, payment, call.at, false),
        HasValidationErrors: true,
        ValidationErrors: [{ Message: problem }],
      },
    ])
  return ok(call.world.app.name, call.at, 'Payments', [
    paymentView(organisation, removePayment(call, payment), call.at, true),
  ])
}

function deletionProblem(payment: Payment, sent: JsonObject | undefined): string | undefined {
  if (sent?.Status !== 'DELETED') return 'Payments cannot be edited. Only the status DELETED can be set.'
  if (payment.Status === 'DELETED') return 'Payment has already been deleted'
  return payment.IsReconciled ? 'This payment cannot be deleted as it has been reconciled.' : undefined
}
