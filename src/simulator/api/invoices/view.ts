// Invoices and bills as the API shows them. Unpaged lists leave out lines and show a thin contact; summaries leave out more.
import { compact, type JsonObject } from '../../json.ts'
import { number, round, zero } from '../../money.ts'
import type { Invoice, Line, Organisation, Payment } from '../../state.ts'
import { dayPair, dayToMs, isoSeconds, stamp } from '../../time.ts'
import { contactView, thinContact } from '../contacts/view.ts'
import { itemByCode } from '../items/find.ts'

export type InvoiceDetail = 'write' | 'full' | 'paged' | 'thin' | 'summary'

const lineView = (organisation: Organisation, line: Line, digits: number): JsonObject => {
  const item = line.ItemCode === undefined ? undefined : itemByCode(organisation, line.ItemCode)
  return compact({
    ItemCode: line.ItemCode,
    Description: line.Description,
    UnitAmount: number(round(line.UnitAmount, digits)),
    TaxType: line.TaxType,
    TaxAmount: number(line.TaxAmount),
    LineAmount: number(line.LineAmount),
    AccountCode: line.AccountCode,
    Item: item && compact({ ItemID: item.ItemID, Name: item.Name, Code: item.Code }),
    Tracking: line.Tracking,
    Quantity: number(line.Quantity),
    DiscountRate: line.DiscountRate && number(line.DiscountRate),
    DiscountAmount: line.DiscountAmount && number(line.DiscountAmount),
    LineItemID: line.LineItemID,
    AccountID: organisation.accounts.get(line.AccountCode ?? '')?.AccountID,
    ValidationErrors: [],
  })
}

const paymentView = (payment: Payment): JsonObject =>
  compact({
    PaymentID: payment.PaymentID,
    Date: stamp(dayToMs(payment.date)),
    Amount: number(payment.Amount),
    Reference: payment.Reference,
    CurrencyRate: number(payment.CurrencyRate),
    HasAccount: false,
    HasValidationErrors: false,
  })

export function livePayments(organisation: Organisation, invoiceId: string): Payment[] {
  return [...organisation.payments.values()].filter((one) => one.invoiceId === invoiceId && one.Status === 'AUTHORISED')
}

function contactOf(organisation: Organisation, invoice: Invoice, detail: InvoiceDetail, at: number): JsonObject {
  const contact = organisation.contacts.get(invoice.contactId)
  if (!contact) return { ContactID: invoice.contactId }
  if (detail === 'write') return contactView(organisation, contact, 'write', at)
  return detail === 'full' ? contactView(organisation, contact, 'full', at) : thinContact(contact)
}

export function invoiceView(
  organisation: Organisation,
  invoice: Invoice,
  detail: InvoiceDetail,
  at: number,
  digits = 4,
): JsonObject {
  const withLines = detail === 'write' || detail === 'full' || detail === 'paged'
  const discount = invoice.lines.some((line) => line.DiscountRate || line.DiscountAmount)
  return compact({
    Type: invoice.Type,
    InvoiceID: invoice.InvoiceID,
    InvoiceNumber: invoice.InvoiceNumber ?? '',
    Reference: invoice.Type === 'ACCREC' ? (invoice.Reference ?? '') : undefined,
    Url: invoice.Url,
    ...(detail === 'summary'
      ? {}
      : {
          Payments: invoice.amountPaid.gt(zero) ? livePayments(organisation, invoice.InvoiceID).map(paymentView) : [],
          CreditNotes: [],
          Prepayments: [],
          Overpayments: [],
        }),
    AmountDue: number(invoice.amountDue),
    AmountPaid: number(invoice.amountPaid),
    AmountCredited: 0,
    SentToContact: invoice.SentToContact,
    CurrencyRate: number(invoice.CurrencyRate),
    HasErrors: false,
    IsDiscounted: discount,
    HasAttachments: invoice.hasAttachments ?? false,
    BrandingThemeID: invoice.BrandingThemeID,
    Contact: contactOf(organisation, invoice, detail, at),
    ...dayPair('Date', invoice.date),
    ...dayPair('DueDate', invoice.dueDate),
    ...(invoice.expectedPaymentDate ? { ExpectedPaymentDate: stamp(dayToMs(invoice.expectedPaymentDate)) } : {}),
    ...(invoice.plannedPaymentDate ? { PlannedPaymentDate: stamp(dayToMs(invoice.plannedPaymentDate)) } : {}),
    Status: invoice.Status,
    LineAmountTypes: invoice.LineAmountTypes,
    LineItems: withLines ? invoice.lines.map((line) => lineView(organisation, line, digits)) : [],
    SubTotal: number(invoice.subTotal),
    TotalTax: number(invoice.totalTax),
    Total: number(invoice.total),
    RoundingAmount: invoice.roundingAmount && number(invoice.roundingAmount),
    UpdatedDateUTC: stamp(invoice.updatedAt),
    UpdatedDateUTCString: isoSeconds(invoice.updatedAt),
    CurrencyCode: invoice.CurrencyCode,
    FullyPaidOnDate: invoice.fullyPaidOn && stamp(dayToMs(invoice.fullyPaidOn)),
  })
}
