// What an item becomes in Xero.
import t from 'tap'
import { postItem, proxyItem } from '../../src/domain/posting/item.ts'
import { xeroItemCode } from '../../src/domain/posting/long-code.ts'
import { part, service, settings } from './support/builders.ts'

const sync = { items: { inventoryMode: 'sync_inventory' } }

t.test(
  'given each mode and kind, when an item is posted, then stocked ones follow inventoryMode, others syncNonInventory',
  async (t) => {
    const kinds = ['inventory', 'assembly', 'non_inventory', 'service', 'other_charge'] as const
    const posted = (patch: unknown) =>
      kinds.filter((kind) => postItem(part({ kind }), settings(patch)).kind === 'posted')
    t.same(posted({}), ['non_inventory', 'service', 'other_charge'])
    t.same(posted(sync), kinds)
    t.same(posted({ items: { inventoryMode: 'sync_inventory', syncNonInventory: false } }), ['inventory', 'assembly'])
    t.match(postItem(part(), settings()), { kind: 'excluded', reason: /inventoryMode/ })
  },
)

t.test(
  'given accounts on record, group and settings, when an item is posted, then the nearest one is taken',
  async (t) => {
    const patch = {
      items: {
        accounts: { income: '1', expense: '2' },
        itemGroups: { hardware: { income: '3', salesTaxCode: 'GST' } },
      },
    }
    const result = (more: object) => {
      const posting = postItem(service(more), settings(patch))
      if (posting.kind !== 'posted') throw new Error('not posted')
      const { sales, purchase } = posting.document
      const account = (side: typeof sales) => side?.accountCode ?? `${side?.accountOtherwise} otherwise`
      return [account(sales), account(purchase), sales?.taxType ?? sales?.taxOtherwise]
    }
    t.same(result({}), ['1 otherwise', '2 otherwise', undefined])
    t.same(result({ itemGroup: 'hardware' }), ['3 otherwise', '2 otherwise', 'OUTPUT'])
    t.same(result({ itemGroup: 'hardware', incomeAccount: '4', expenseAccount: '5' }), ['4', '5', 'OUTPUT'])
    t.same(
      result({ itemGroup: 'constructor' }),
      ['1 otherwise', '2 otherwise', undefined],
      'a group is no member of Object.prototype',
    )
    t.same(result({ salesTaxCode: 'toString' }), ['1 otherwise', '2 otherwise', undefined])
  },
)

t.test(
  'given prices, when an item is posted, then they have four decimals, and none in a foreign currency',
  async (t) => {
    const item = service({ salePrice: '1.23455', purchasePrice: '2' })
    t.match(postItem(item, settings(), 'AUD'), {
      document: { sales: { unitPrice: '1.2346' }, purchase: { unitPrice: '2' } },
    })
    const price = (currency: string) => {
      const posting = postItem({ ...item, currency }, settings(), 'AUD')
      return posting.kind === 'posted' ? posting.document.sales?.unitPrice : 'not posted'
    }
    t.equal(price('AUD'), '1.2346')
    t.equal(price('USD'), undefined)
  },
)

t.test('given an inactive item, when it is posted, then it is neither sold nor purchased', async (t) => {
  const posting = postItem(service({ active: false }), settings())
  t.match(posting, { document: { isSold: false, isPurchased: false, sales: undefined, purchase: undefined } })
  t.match(postItem(service({ isPurchased: false }), settings()), {
    document: { isSold: undefined, isPurchased: false },
  })
})

t.test('given a code of 31 characters, when an item is posted, then the policy decides', async (t) => {
  const code = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ12345'
  t.match(postItem(service({ code }), settings()), { document: { code: /^ABCDEFGHIJKLMNOPQRSTU~[0-9A-Z]{8}$/ } })
  const reject = settings({ items: { longCode: 'reject' } })
  t.match(postItem(service({ code }), reject), { kind: 'error', error: { code: 'code_too_long', field: '/code' } })
  t.match(postItem(service({ code: code.slice(1) }), reject), { kind: 'posted', document: { code: code.slice(1) } })
  t.match(xeroItemCode(`${'A'.repeat(20)} ${'B'.repeat(20)}`, 'truncate_hash'), /^A{20}~/, 'no space before the hash')
  t.equal(
    xeroItemCode(code, 'truncate_hash'),
    'ABCDEFGHIJKLMNOPQRSTU~K6YX73YN',
    'the shortening never changes: it is a key in Xero',
  )
})

t.test('given the settings, when the proxy item is made, then it has their code, name and sales account', async (t) => {
  t.match(proxyItem(settings()), { list: 'items', code: 'OT-PROXY', name: 'OT Proxy', isSold: true, sales: undefined })
  const own = settings({ items: { proxyItem: { code: 'P' }, accounts: { income: '200' } } })
  t.match(proxyItem(own), { code: 'P', name: 'OT Proxy', sales: { accountOtherwise: '200' } })
})
