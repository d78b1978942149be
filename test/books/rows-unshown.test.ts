// A contact or item whose row in the reading before the export cannot be understood is not written: what somebody entered there
// meanwhile is not known. Only its own record waits.
import t, { type Test as Tap } from 'tap'
import { openWorld } from '../support/house.ts'
import { customer, vendor } from '../support/records.ts'
import { openTenant, type Tenant } from '../support/tenant.ts'
import { contact, itemIn, later, record, synced, writes } from './support/books.ts'
import { oddAnswers } from './support/odd-answers.ts'
import { service } from './support/trading.ts'

const far = 1_000_000
const person = (firstName: string) => ({ firstName, lastName: 'Day', email: `${firstName.toLowerCase()}@day.example` })
const inXero = (FirstName: string) => ({
  ...{ FirstName, LastName: 'Day', EmailAddress: `${FirstName.toLowerCase()}@day.example` },
  IncludeInEmails: false,
})

t.test('books: rows that are not shown', async (t) => {
  const world = await openWorld(t)
  const { control } = world.simulator
  const odd = oddAnswers(world)

  const waits = async (t: Tap, tenant: Tenant, type: string, id: string, xeroId: string) => {
    const { state, lastError } = await tenant.state(type, id)
    t.match({ state, lastError }, { state: 'failed', lastError: { code: 'answer_incomplete', retryable: true } })
    t.match(lastError.cause, xeroId, 'the cause names the row')
    t.match(lastError.action, /odd-rows/)
    const { body } = await tenant.api('GET', 'odd-rows')
    t.match(body.items, [{ xeroId }], 'and it is listed')
    const { body: health } = await tenant.api('GET', 'health')
    t.ok(health.reasons.some(({ code }: { code: string }) => code === 'odd_rows'))
  }

  const roles = { customers: customer, vendors: vendor } as const
  for (const [type, make] of Object.entries(roles)) {
    const openContacts = async (name: string) => {
      const tenant = await openTenant(world, `${name}-${type}`)
      const own = { contactPersons: [person('Ann')] }
      await tenant.put(type, make('c1', own), make('c2'))
      await tenant.sync()
      later(world)
      const { Name, ContactID } = contact(tenant, make('c1').name)
      control.editContact(tenant.organisation, Name, { ContactPersons: [inXero('Ann'), inXero('Hand')] })
      later(world)
      const more = { contactPersons: [person('Ann'), person('Cid')] }
      await tenant.put(type, make('c1', more), make('c2', { email: 'other@example.com' }))
      const persons = () => contact(tenant, ContactID).ContactPersons.map((one: { FirstName: string }) => one.FirstName)
      const break1 = { replace: [[`"Name":"${Name}"`, '"Name":null']] as [string, string][] }
      return { tenant, ContactID, persons, break1 }
    }

    t.test(
      `${type}: given a row that stays odd, then its record waits alone, and comes when it is shown`,
      async (t) => {
        const { tenant, ContactID, persons, break1 } = await openContacts('stays')
        odd(tenant, 'GET', '/Contacts', break1, far)
        await tenant.sync()
        t.strictSame(persons(), ['Ann', 'Hand'], 'nothing is written over')
        await waits(t, tenant, type, 'c1', ContactID)
        await synced(t, tenant, type, 'c2')
        later(world)
        tenant.mark()
        await tenant.sync()
        t.strictSame(writes(tenant), [])
        await waits(t, tenant, type, 'c1', ContactID)
        control.clearFaults()
        later(world)
        await tenant.sync()
        await synced(t, tenant, type, 'c1')
        t.strictSame(persons().sort(), ['Ann', 'Cid', 'Hand'])
        t.strictSame((await tenant.api('GET', 'odd-rows')).body.items, [])
        tenant.checkXero(t)
      },
    )

    t.test(`${type}: given a row that is odd once, then it is asked for once more in the same job`, async (t) => {
      const { tenant, persons, break1 } = await openContacts('once')
      odd(tenant, 'GET', '/Contacts', break1)
      tenant.mark()
      await tenant.sync()
      await synced(t, tenant, type, 'c1', 'c2')
      t.strictSame(persons().sort(), ['Ann', 'Cid', 'Hand'])
      t.equal(tenant.calls('GET /Contacts').filter(({ query }) => query.IDs !== undefined).length, 1)
      tenant.checkXero(t)
    })

    t.test(`${type}: given a row without its id, then whose it may be is asked for`, async (t) => {
      const { tenant, ContactID, persons } = await openContacts('nameless')
      odd(tenant, 'GET', '/Contacts', { replace: [[`"ContactID":"${ContactID}"`, '"ContactID":null']] }, far)
      await tenant.sync()
      t.strictSame(persons(), ['Ann', 'Hand'])
      t.match(await tenant.state(type, 'c1'), { state: 'failed', lastError: { code: 'answer_incomplete' } })
      await synced(t, tenant, type, 'c2')
      control.clearFaults()
      await tenant.sync()
      await synced(t, tenant, type, 'c1')
      t.strictSame(persons().sort(), ['Ann', 'Cid', 'Hand'])
      tenant.checkXero(t)
    })

    t.test(
      `${type}: given a row that is odd, when the record is deleted, then the contact stays until it is shown`,
      async (t) => {
        const { tenant, ContactID, break1 } = await openContacts('deleted')
        await tenant.api('DELETE', `${type}/c1`)
        odd(tenant, 'GET', '/Contacts', break1, far)
        await tenant.sync()
        t.equal(contact(tenant, ContactID).ContactStatus, 'ACTIVE')
        await waits(t, tenant, type, 'c1', ContactID)
        control.clearFaults()
        await tenant.sync()
        t.equal(contact(tenant, ContactID).ContactStatus, 'ARCHIVED')
        t.equal((await tenant.state(type, 'c1')).state, 'synced')
        tenant.checkXero(t)
      },
    )
  }

  const openItems = async (name: string) => {
    const tenant = await openTenant(world, name)
    await tenant.put('items', service('1', { purchasePrice: '3' }), service('2'))
    await tenant.sync()
    later(world)
    const { ItemID } = itemIn(tenant, 'SKU-1')
    control.editItem(tenant.organisation, 'SKU-1', { SalesDetails: { UnitPrice: 99, AccountCode: '260' } })
    later(world)
    await tenant.put('items', service('1', { purchasePrice: '4' }), service('2', { salePrice: '13' }))
    const prices = () => {
      const { SalesDetails, PurchaseDetails } = itemIn(tenant, ItemID)
      return [SalesDetails.UnitPrice, SalesDetails.AccountCode, PurchaseDetails.UnitPrice]
    }
    return { tenant, ItemID, prices }
  }
  const noCode = { replace: [['"Code":"SKU-1"', '"Code":null']] as [string, string][] }

  t.test('items: given a row that stays odd, then its record waits alone, and comes when it is shown', async (t) => {
    const { tenant, ItemID, prices } = await openItems('items-stay')
    odd(tenant, 'GET', '/Items', noCode, far)
    await tenant.sync()
    t.strictSame(prices(), [99, '260', 3])
    await waits(t, tenant, 'items', '1', ItemID)
    await synced(t, tenant, 'items', '2')
    control.clearFaults()
    later(world)
    await tenant.sync()
    await synced(t, tenant, 'items', '1')
    t.strictSame(prices(), [99, '260', 4])
    t.match(await record(tenant, 'items', '1'), { salePrice: '99', purchasePrice: '4' })
    tenant.checkXero(t)
  })

  t.test('items: given a row that is odd once, then the list is read once more in the same job', async (t) => {
    const { tenant, prices } = await openItems('items-once')
    odd(tenant, 'GET', '/Items', noCode)
    await tenant.sync()
    await synced(t, tenant, 'items', '1', '2')
    t.strictSame(prices(), [99, '260', 4])
    tenant.checkXero(t)
  })

  t.test('items: given a row without its id, then only the item that no row shows waits', async (t) => {
    const { tenant, ItemID, prices } = await openItems('items-nameless')
    odd(tenant, 'GET', '/Items', { replace: [[`"ItemID":"${ItemID}"`, '"ItemID":null']] }, far)
    await tenant.sync()
    t.strictSame(prices(), [99, '260', 3])
    t.match(await tenant.state('items', '1'), { state: 'failed', lastError: { code: 'answer_incomplete' } })
    await synced(t, tenant, 'items', '2')
    control.clearFaults()
    await tenant.sync()
    await synced(t, tenant, 'items', '1')
    t.strictSame(prices(), [99, '260', 4])
    tenant.checkXero(t)
  })

  t.test(
    'items: given a row that is odd, when the record is deleted, then the item stays until it is shown',
    async (t) => {
      const { tenant, ItemID } = await openItems('items-deleted')
      await tenant.api('DELETE', 'items/1')
      odd(tenant, 'GET', '/Items', noCode, far)
      await tenant.sync()
      t.ok(itemIn(tenant, ItemID), 'it stands there')
      await waits(t, tenant, 'items', '1', ItemID)
      control.clearFaults()
      await tenant.sync()
      t.notOk(itemIn(tenant, ItemID))
      tenant.checkXero(t)
    },
  )
})
