// Creates or updates one invoice or bill: the rules in the order in which Xero would meet them.
import { newId } from '../../ids.ts'
import { flag, has, type JsonObject, objects, text } from '../../json.ts'
import { big, readDecimal, zero } from '../../money.ts'
import type { Contact, Invoice, InvoiceStatus, Line, Organisation } from '../../state.ts'
import { localToday, readDay } from '../../time.ts'
import { type Call, unitDigits } from '../call.ts'
import { embeddedContact, markContact } from './contact.ts'
import { dueDateByTerms, lockProblems } from './dates.ts'
import { nextNumber, salesInvoiceByNumber } from './find.ts'
import { type LineContext, readLine } from './line.ts'
import { moveStock } from './stock.ts'
import { totalsOf } from './totals.ts'
import {
  editableWhenPaid,
  firstStatuses,
  fromPaidByZero,
  isApproved,
  isFinal,
  lineEditableWhenPaid,
  transitions,
} from './transitions.ts'

const notModifiable = 'Invoice not of valid status for modification'
const numberLength = 255

/** Refusals that follow from the state of the document alone. */
function stateProblem(
  before: Invoice,
  sent: JsonObject,
  wanted: InvoiceStatus,
  zeroTotal: Organisation['profile']['zeroTotal'],
): string | undefined {
  if (isFinal(before.Status)) return notModifiable
  const byZero = before.Status === 'PAID' && before.amountPaid.eq(zero)
  if (byZero) return zeroTotal !== 'locked' && fromPaidByZero.includes(wanted) ? undefined : notModifiable
  const paid = before.amountPaid.gt(zero)
  if (wanted === 'VOIDED' && paid)
    return 'The status VOIDED cannot be applied to the invoice because it has payments or credit notes allocated to it.'
  if (paid) {
    const allowed =
      before.Type === 'ACCPAY' &&
      Object.keys(sent).every((name) => editableWhenPaid.includes(name)) &&
      objects(sent.LineItems).every(
        (line) => has(line, 'LineItemID') && Object.keys(line).every((name) => lineEditableWhenPaid.includes(name)),
      )
    if (!allowed) return 'This document cannot be edited as it has a payment or credit note allocated to it.'
  }
  return transitions[before.Status].includes(wanted) ? undefined : notModifiable
}

function readLines(
  context: LineContext,
  sent: JsonObject,
  before: Invoice | undefined,
): { lines: Line[]; problems: string[] } {
  // Lines that were not sent stay as they are, unless the document becomes final enough to be checked anew.
  const untouched = before && !has(sent, 'LineItems') && before.LineAmountTypes === context.amounts
  if (untouched && (!context.complete || isApproved(before.Status))) return { lines: before.lines, problems: [] }
  const list = has(sent, 'LineItems')
    ? objects(sent.LineItems)
    : (before?.lines ?? []).map((line): JsonObject => ({ LineItemID: line.LineItemID }))
  const problems: string[] = []
  const fresh: Line[] = []
  const keptLines: Line[] = []
  for (const one of list) {
    const id = text(one, 'LineItemID')
    const kept = id === undefined ? undefined : before?.lines.find((line) => line.LineItemID === id.toLowerCase())
    if (id !== undefined && !kept) problems.push(`The LineItemID '${id}' does not belong to this document.`)
    const read = readLine(context, one, kept)
    problems.push(...read.problems)
    if (kept) keptLines.push(read.line)
    else fresh.push(read.line)
  }
  return { lines: [...fresh, ...keptLines], problems }
}

function readNumber(
  call: Call,
  sent: JsonObject,
  type: Invoice['Type'],
  before: Invoice | undefined,
  problems: string[],
) {
  const { organisation } = call
  const given = text(sent, 'InvoiceNumber')?.trim()
  if (given !== undefined && given.length > numberLength)
    problems.push(`The InvoiceNumber field cannot exceed ${numberLength} characters`)
  if (type === 'ACCPAY') return given === undefined ? before?.InvoiceNumber : given || undefined
  if (!given && before) return before.InvoiceNumber
  if (!given) {
    const { number, next } = nextNumber(organisation)
    const was = organisation.nextInvoiceNumber
    organisation.nextInvoiceNumber = next
    call.transaction.onUndo(() => {
      organisation.nextInvoiceNumber = was
    })
    return number
  }
  const holder = salesInvoiceByNumber(organisation, given)
  if (holder && holder.InvoiceID !== before?.InvoiceID) problems.push('Invoice # must be unique.')
  return given
}

const addressProblem = (url: string | undefined) =>
  url === undefined || (URL.canParse(url) && /^https?:/i.test(url)) ? [] : ['Url must be a valid absolute URL']

export function saveInvoice(call: Call, sent: JsonObject, before: Invoice | undefined): Invoice | string[] {
  const { organisation } = call
  const { profile } = organisation
  const type = before?.Type ?? text(sent, 'Type')
  if (type !== 'ACCREC' && type !== 'ACCPAY') return ['Invoice not of valid type for creation']
  if (before && has(sent, 'Type') && sent.Type !== before.Type) return [notModifiable]
  const status = (text(sent, 'Status') ?? before?.Status ?? 'DRAFT') as InvoiceStatus
  if (!before && !firstStatuses.includes(status)) return ['Invoice not of valid status for creation']
  const stateFault = before && stateProblem(before, sent, status, profile.zeroTotal)
  if (stateFault !== undefined) return [stateFault]

  const problems: string[] = []
  const contact = embeddedContact(call, sent.Contact, before)
  if (Array.isArray(contact)) problems.push(...contact)
  const amounts = text(sent, 'LineAmountTypes') ?? before?.LineAmountTypes ?? 'Exclusive'
  if (amounts !== 'Exclusive' && amounts !== 'Inclusive' && amounts !== 'NoTax')
    return [...problems, `LineAmountTypes '${amounts}' is not valid`]
  const complete = status === 'SUBMITTED' || status === 'AUTHORISED' || status === 'PAID'
  const context: LineContext = { organisation, type, amounts, digits: lineDigits(call, sent), complete }
  const { lines, problems: lineFaults } = readLines(context, sent, before)
  problems.push(...lineFaults)
  if (complete && lines.length === 0) problems.push('One or more line items must be specified')

  const day = (name: string, own: string | undefined) => {
    if (!has(sent, name) || sent[name] === null) return own
    const read = readDay(sent[name])
    if (read === undefined) problems.push(`The ${name} '${sent[name]}' is not a valid date`)
    return read ?? own
  }
  const date = day('Date', before?.date) ?? localToday(call.at, profile.zone)
  const known: Contact | undefined = Array.isArray(contact) ? undefined : contact
  const dueDate = day('DueDate', before?.dueDate) ?? dueDateByTerms(organisation, known, type, date)
  if (status === 'AUTHORISED' && dueDate === undefined && type === 'ACCREC') problems.push('Due date must be specified')
  problems.push(...lockProblems(organisation, [date, before?.date]))

  const CurrencyCode =
    text(sent, 'CurrencyCode') ?? before?.CurrencyCode ?? known?.texts.DefaultCurrency ?? profile.baseCurrency
  if (!organisation.currencies.has(CurrencyCode))
    problems.push(`Organisation is not subscribed to currency ${CurrencyCode}`)
  const rate = readDecimal(sent.CurrencyRate)
  if (rate?.lte(0)) problems.push('The CurrencyRate must be greater than zero')
  const themeId = text(sent, 'BrandingThemeID') ?? before?.BrandingThemeID
  if (themeId !== undefined && !organisation.brandingThemes.has(themeId))
    problems.push('The BrandingThemeID is not valid')
  const Url = has(sent, 'Url') ? text(sent, 'Url') || undefined : before?.Url
  problems.push(...addressProblem(Url))
  const InvoiceNumber = readNumber(call, sent, type, before, problems)
  const Reference = type === 'ACCREC' && has(sent, 'Reference') ? text(sent, 'Reference') : before?.Reference
  if ((Reference?.length ?? 0) > numberLength)
    problems.push(`The Reference field cannot exceed ${numberLength} characters`)
  const totals = totalsOf(lines, amounts, sent, before?.roundingAmount, complete)
  problems.push(...totals.problems)
  if (status === 'AUTHORISED' && (!before || !isApproved(before.Status)) && profile.approvalsLeft !== undefined) {
    if (profile.approvalsLeft <= 0) problems.push('You have reached the limit of invoices you can approve')
    else spendApproval(call)
  }
  const amountPaid = before?.amountPaid ?? zero
  const stands = standing(status, amountPaid.eq(zero), totals.total.eq(zero), profile.zeroTotal)
  const sentToContact = flag(sent, 'SentToContact') ?? before?.SentToContact ?? false
  const invoice: Invoice = {
    InvoiceID: before?.InvoiceID ?? newId(),
    Type: type,
    Status: stands,
    contactId: known?.ContactID ?? '',
    InvoiceNumber,
    Reference,
    Url,
    BrandingThemeID: themeId ?? organisation.brandingThemes.keys().next().value,
    LineAmountTypes: amounts,
    CurrencyCode,
    CurrencyRate: rate ?? keptRate(before, CurrencyCode) ?? organisation.dayRates.get(CurrencyCode) ?? big(1),
    SentToContact: status !== 'DRAFT' && status !== 'SUBMITTED' && sentToContact,
    date,
    dueDate,
    expectedPaymentDate: day('ExpectedPaymentDate', before?.expectedPaymentDate),
    plannedPaymentDate: day('PlannedPaymentDate', before?.plannedPaymentDate),
    lines,
    subTotal: totals.subTotal,
    totalTax: totals.totalTax,
    total: totals.total,
    roundingAmount: totals.roundingAmount,
    amountPaid,
    amountDue: amountDue(status, before, totals.total.minus(amountPaid)),
    fullyPaidOn: stands === 'PAID' ? (before?.fullyPaidOn ?? date) : undefined,
    hasAttachments: before?.hasAttachments ?? false,
    createdByApp: before?.createdByApp ?? true,
    updatedAt: call.at,
  }
  problems.push(...moveStock(call, before, invoice))
  if (problems.length > 0 || !known) return problems
  call.transaction.set(organisation.invoices, invoice.InvoiceID, invoice)
  call.transaction.note({ type: 'Invoice', id: invoice.InvoiceID, number: InvoiceNumber ?? '' })
  markContact(call, known, type)
  return invoice
}

/** An approved document of zero has nothing left to pay: Xero shows it as PAID. */
function standing(
  wanted: InvoiceStatus,
  unpaid: boolean,
  nothingDue: boolean,
  zeroTotal: Organisation['profile']['zeroTotal'],
): InvoiceStatus {
  if (!isApproved(wanted) || !unpaid || zeroTotal === 'open') return wanted
  return nothingDue ? 'PAID' : 'AUTHORISED'
}

/** The day rate of a document counts for its currency alone. */
const keptRate = (before: Invoice | undefined, currency: string) =>
  before?.CurrencyCode === currency ? before.CurrencyRate : undefined

/** A deleted document owes nothing; a voided one still shows what it owed. */
function amountDue(status: InvoiceStatus, before: Invoice | undefined, open: Invoice['amountDue']) {
  if (status === 'DELETED') return zero
  return status === 'VOIDED' && before ? before.amountDue : open
}

/** A partial update without lines must not round kept prices anew. */
const lineDigits = (call: Call, sent: JsonObject) => (has(sent, 'LineItems') ? unitDigits(call) : 4)

function spendApproval(call: Call): void {
  const { organisation } = call
  const was = organisation.profile
  organisation.profile = { ...was, approvalsLeft: (was.approvalsLeft ?? 0) - 1 }
  call.transaction.onUndo(() => {
    organisation.profile = was
  })
}
