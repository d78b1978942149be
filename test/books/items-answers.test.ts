// The answer to the write of an item is laid beside what was sent: what Xero made of it otherwise is shown, and is never "synced".
import t from 'tap'
import { openWorld } from '../support/house.ts'
import { item } from '../support/records.ts'
import { openTenant } from '../support/tenant.ts'
import { inNewZealand, itemIn, later, synced, writes } from './support/books.ts'
import { oddAnswers } from './support/odd-answers.ts'

const said = {
  ...{ kind: 'service', code: 'ANS', name: 'Answered', description: 'As sold', purchaseDescription: 'As bought' },
  ...{ salePrice: '12.34', purchasePrice: '5.67', incomeAccount: '260', expenseAccount: '310' },
  ...{ salesTaxCode: 'GST', purchaseTaxCode: 'GST' },
}

t.test('books: answers to writes of items', async (t) => {
  const world = await openWorld(t)
  const odd = oddAnswers(world)

  const cases: readonly (readonly [field: string, replace: [string, string]])[] = [
    ['/name', ['Answered', 'Answere']],
    ['/description', ['As sold', 'As s']],
    ['/purchaseDescription', ['As bought', 'Bought']],
    ['/salePrice', ['12.34', '12.35']],
    ['/purchasePrice', ['5.67', '567']],
    ['/incomeAccount', ['"260"', '"200"']],
    ['/expenseAccount', ['"310"', '"300"']],
    ['/isSold', ['"IsSold":true', '"IsSold":false']],
  ]
  t.test(
    'given answers with another value of a field, then a conflict shows both, until a list shows it as sent',
    async (t) => {
      const tenant = await openTenant(world, 'otherwise', inNewZealand)
      for (const [index, [field, exchanged]] of cases.entries())
        for (const isNew of field === '/isSold' ? [true] : [true, false]) {
          const code = `ANS${index}`
          odd(tenant, isNew ? 'PUT' : 'POST', '/Items', { replace: [exchanged] })
          // A change says every field anew.
          const more = isNew ? {} : { kind: 'service', code, name: 'Answered', isSold: true, isPurchased: true }
          const id = isNew ? `n${index}` : `c${index}`
          if (!isNew) {
            await tenant.put('items', { ...item(id, { kind: 'service', code: `C${code}`, name: 'Before' }) })
            await tenant.sync()
          }
          await tenant.put('items', { id, ...said, ...more, code: isNew ? code : `C${code}` })
          await tenant.sync()
          const { state, lastError } = await tenant.state('items', id)
          t.equal(state, 'conflict', `${id} ${field}`)
          t.match(lastError, {
            code: 'written_differently',
            title: /holds the item otherwise/,
            differences: [{ field }],
          })
          t.equal(lastError?.differences.length, 1)
          t.notMatch(`${lastError?.cause} ${lastError?.action}`, /document|lines|total/i)
        }
      tenant.mark()
      later(world)
      await tenant.sync()
      t.strictSame(writes(tenant), [])
      await synced(
        t,
        tenant,
        'items',
        ...cases.flatMap(([field], index) => [`n${index}`, ...(field === '/isSold' ? [] : [`c${index}`])]),
      )
      tenant.checkXero(t)
    },
  )

  t.test(
    'given a tax type that Xero makes another rate of, then the conflict lasts, and a person decides',
    async (t) => {
      const seed = { ...inNewZealand.seed, taxAliases: { ZERORATED: 'OUTPUT2' } }
      const tenant = await openTenant(world, 'lasts', { ...inNewZealand, seed })
      await tenant.put('items', { id: 'i', ...said, salesTaxCode: 'ZERO' })
      await tenant.sync()
      const differs = {
        state: 'conflict',
        lastError: {
          code: 'written_differently',
          differences: [{ field: '/salesTaxCode', product: 'ZERORATED', xero: 'OUTPUT2' }],
        },
      }
      t.match(await tenant.state('items', 'i'), differs)
      tenant.mark()
      later(world)
      await tenant.sync()
      t.strictSame(writes(tenant), [], 'it is not sent again and again')
      t.match(await tenant.state('items', 'i'), differs)
      const decide = (keep: string) => tenant.api('POST', 'items/i/resolve-conflict', { keep })
      t.equal((await decide('product')).status, 200)
      await tenant.sync()
      t.equal(writes(tenant).length, 1, 'written once more')
      t.match(await tenant.state('items', 'i'), differs)
      t.equal((await decide('xero')).status, 200)
      t.match(await tenant.state('items', 'i'), { state: 'outdated', lastError: { code: 'xero_version_kept' } })
      await tenant.put('items', { id: 'i', ...said, salePrice: '13' })
      await tenant.sync()
      await synced(t, tenant, 'items', 'i')
      t.match(itemIn(tenant, 'ANS').SalesDetails, { UnitPrice: 13, TaxType: 'OUTPUT2' })
      tenant.checkXero(t)
    },
  )

  t.test('given what Xero only writes otherwise, then the item is synced', async (t) => {
    const seed = { ...inNewZealand.seed, taxAliases: { ZERORATED: 'NONE' } }
    const tenant = await openTenant(world, 'normalised', { ...inNewZealand, seed })
    const spaced = { ...said, name: ' Two  words ', description: 'a\r\nb ', salePrice: '1.23456', salesTaxCode: 'ZERO' }
    await tenant.put('items', { id: 'i', ...spaced })
    await tenant.sync()
    await synced(t, tenant, 'items', 'i')
    t.equal(itemIn(tenant, 'ANS').SalesDetails.TaxType, 'NONE')
    await tenant.put('items', { id: 'i', ...spaced, purchasePrice: '6' })
    await tenant.sync()
    await synced(t, tenant, 'items', 'i')
    later(world)
    tenant.mark()
    await tenant.sync('full')
    t.strictSame(writes(tenant), [])
    tenant.checkXero(t)
  })
})
