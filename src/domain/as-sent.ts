// A document of ours that was found at the accounting system, as it was sent: from this, and not from how it was found, is told later
// what a person changed. The same written another way stays as it is found, and so does what was left open and may have been filled
// in there, such as the account that an item has by default. An item and a discount are never filled in.
import { isSameAddress, isSameCode, isSameNumber } from './field-answer.ts'
import { remoteLineId } from './line-ids.ts'
import type { PostedDocument, PostedLine } from './posting/posted.ts'
import type { StandingContent, StandingLine } from './standing-document.ts'

type Value = string | null
type Tracking = StandingLine['tracking'][number]

const valueAsSent = (sent: string | undefined, is: Value): Value =>
  sent === undefined || isSameCode(sent, is) ? is : sent

function itemOf(
  { itemCode, itemRemoteId }: PostedLine,
  there: StandingLine,
): Pick<StandingLine, 'itemCode' | 'itemId'> {
  if (itemCode === undefined) return { itemCode: null, itemId: null }
  const isKnown = itemRemoteId !== undefined && there.itemId !== null
  const isSame = isKnown ? isSameCode(itemRemoteId, there.itemId) : isSameCode(itemCode, there.itemCode)
  return isSame ? there : { itemCode, itemId: itemRemoteId ?? null }
}

/** Categories of which nothing was sent may have been filled in. */
function trackingOf({ tracking }: PostedLine, there: StandingLine): Tracking[] {
  const isOf = (categoryId: string, one: Tracking) => one.categoryId === null || isSameCode(categoryId, one.categoryId)
  const others = there.tracking.filter((one) => !tracking.some(({ categoryId }) => isOf(categoryId, one)))
  const sent = tracking.map(({ categoryId, option }) => {
    const found = there.tracking.find((one) => isOf(categoryId, one) && isSameCode(option, one.option))
    return found ?? { categoryId, optionId: null, option }
  })
  return [...others, ...sent]
}

function lineAsSent(sent: PostedLine, there: StandingLine): StandingLine {
  const { itemCode, itemId } = itemOf(sent, there)
  const accountCode = valueAsSent(sent.accountCode, there.accountCode)
  const discountRate = sent.discountRate ?? null
  return {
    ...there,
    itemCode,
    itemId,
    accountCode,
    accountId: accountCode === there.accountCode ? there.accountId : null,
    taxType: valueAsSent(sent.taxType, there.taxType),
    discountRate: isSameNumber(2)(discountRate, there.discountRate) ? there.discountRate : discountRate,
    tracking: trackingOf(sent, there),
  }
}

/** `lineIds`: our line id → theirs. */
export function asSent(
  posted: PostedDocument,
  content: StandingContent,
  lineIds: Readonly<Record<string, string>>,
): StandingContent {
  const { url, lines } = posted
  const ours = new Map(lines.map((line) => [remoteLineId(lineIds, line.lineId), line]))
  const brandingThemeId = posted.kind === 'sale' ? posted.brandingThemeId : undefined
  return {
    ...content,
    url: url === undefined || isSameAddress(url, content.url) ? content.url : url,
    amounts: content.amounts === null ? null : 'Exclusive',
    brandingThemeId: valueAsSent(brandingThemeId, content.brandingThemeId),
    lines:
      content.lines?.map((there) => {
        const sent = ours.get(there.remoteId)
        return sent ? lineAsSent(sent, there) : there
      }) ?? null,
  }
}
