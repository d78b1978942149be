import t from 'tap'
import { asSent } from '../../src/domain/as-sent.ts'
import type { PostedInvoice, PostedLine } from '../../src/domain/posting/posted.ts'
import type { StandingContent, StandingLine } from '../../src/domain/standing-document.ts'

const north = { categoryId: 'c1', optionId: 'o1', option: 'North' }
const web = { categoryId: 'c2', optionId: 'o2', option: 'Web' }
const there: StandingLine = {
  ...{ remoteId: 'l1', description: 'Text', quantity: '1', unitAmount: '10', lineAmount: '10', taxAmount: '1.5' },
  ...{ discountRate: null, discountAmount: null, taxType: 'OUTPUT2', tracking: [north] },
  ...{ itemCode: 'SKU', itemId: 'i1', accountCode: '200', accountId: 'a1' },
}
const content: StandingContent = {
  ...{ contactRemoteId: 'k1', date: '2026-11-21', dueDate: null, number: 'N1', reference: null, currency: 'NZD' },
  ...{ exchangeRate: null, amounts: 'Exclusive', brandingThemeId: 'b1', sentToContact: false },
  ...{ url: 'https://product.example/d/1', lines: [there] },
}
const line: PostedLine = {
  ...{ lineId: '1', description: 'Text', quantity: '1', unitAmount: '10', itemCode: 'SKU', itemRemoteId: 'i1' },
  ...{ accountCode: '200', taxType: 'OUTPUT2', tracking: [{ categoryId: 'c1', option: 'North' }] },
}
const posted: PostedInvoice = {
  ...{ list: 'invoices', kind: 'sale', contactRemoteId: 'k1', date: '2026-11-21', status: 'AUTHORISED' },
  ...{ url: 'https://product.example/d/1', brandingThemeId: 'b1', lines: [line] },
}

const of = (is: Partial<StandingContent>, sent: Partial<PostedInvoice> = {}) =>
  asSent({ ...posted, ...sent }, { ...content, ...is }, { '1': 'l1' })
const ofLine = (is: Partial<StandingLine>, sent: Partial<PostedLine> = {}) =>
  of({ lines: [{ ...there, ...is }] }, { lines: [{ ...line, ...sent }] }).lines?.[0]

t.test('as sent: what is found as it was sent stays as it is found, in whatever way it is written', (t) => {
  t.strictSame(of({}), content)
  t.strictSame(ofLine({}, { itemCode: 'sku', taxType: 'output2' }), there)
  t.strictSame(ofLine({ itemCode: 'NEW' }), { ...there, itemCode: 'NEW' }, 'an item that has another code by now')
  t.strictSame(ofLine({ itemId: null }), { ...there, itemId: null })
  const options = { tracking: [{ ...north, option: 'north' }] }
  t.strictSame(ofLine(options), { ...there, ...options })
  t.strictSame(ofLine({ discountRate: '3.333' }, { discountRate: '3.3333' })?.discountRate, '3.333')
  const url = 'https://PRODUCT.example/d/1'
  t.equal(of({ url }).url, url)
  t.end()
})

t.test('as sent: what was sent and stands there otherwise is taken back', (t) => {
  t.match(ofLine({ accountCode: '260', accountId: 'a2' }), { accountCode: '200', accountId: null })
  t.match(ofLine({ taxType: 'NONE' }), { taxType: 'OUTPUT2' })
  t.match(ofLine({ itemCode: null, itemId: null }), { itemCode: 'SKU', itemId: 'i1' })
  t.match(ofLine({ itemId: 'i2' }), { itemCode: 'SKU', itemId: 'i1' }, 'another item with the code')
  t.match(ofLine({}, { itemCode: undefined }), { itemCode: null, itemId: null }, 'an item that a person chose')
  t.match(ofLine({ discountRate: '10' }), { discountRate: null })
  t.match(ofLine({ discountRate: '10' }, { discountRate: '5' }), { discountRate: '5' })
  const sent = { categoryId: 'c1', optionId: null, option: 'North' }
  t.strictSame(ofLine({ tracking: [] })?.tracking, [sent])
  const south = { categoryId: 'c1', optionId: 'o3', option: 'South' }
  t.strictSame(ofLine({ tracking: [web, south] })?.tracking, [web, sent])
  t.equal(of({ amounts: 'NoTax' }).amounts, 'Exclusive')
  t.equal(of({ url: null }).url, posted.url)
  t.equal(of({ brandingThemeId: 'b2' }).brandingThemeId, 'b1')
  t.end()
})

t.test('as sent: what was left open stays as it is found', (t) => {
  const open = { accountCode: undefined, taxType: undefined, tracking: [] }
  t.strictSame(ofLine({}, open), there)
  t.strictSame(of({}, { url: undefined, brandingThemeId: undefined }), content)
  t.strictSame(of({ lines: null }).lines, null)
  t.strictSame(of({ amounts: null }).amounts, null)
  const strange = { ...there, remoteId: 'l2', accountCode: '260' }
  t.strictSame(of({ lines: [there, strange] }).lines, [there, strange], 'a line that is none of ours')
  t.end()
})
