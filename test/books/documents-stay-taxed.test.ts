// An invoice or bill that stays at its contact although its customer or vendor is another one by now: what is new of it is decided by the
// contact at which it stands.
import t from 'tap'
import { openWorld } from '../support/house.ts'
import type { Tenant } from '../support/tenant.ts'
import { type Row, synced } from './support/books.ts'
import { relinked, staying } from './support/staying.ts'
import { bothPaths, line, lineWithout } from './support/trading.ts'

t.test('books: documents that stay go by their contacts', async (t) => {
  const world = await openWorld(t)
  const { control } = world.simulator

  for (const path of bothPaths) {
    const documents = staying(t, world, path)
    const { make, pull, there, elsewhere } = documents
    const [side, tax, standard] =
      path === 'invoices'
        ? (['Sales', 'AccountsReceivableTaxType', 'OUTPUT2'] as const)
        : (['Bills', 'AccountsPayableTaxType', 'INPUT2'] as const)
    const says = (TaxType: string, Day: number) => ({
      [tax]: TaxType,
      PaymentTerms: { [side]: { Day, Type: 'DAYSAFTERBILLDATE' } },
    })
    const dated = (date: string, ...more: object[]) =>
      make('d', [line('1'), ...more], { date, shipDate: undefined, receiveDate: undefined })

    async function sent(name: string) {
      const { tenant, first } = await documents.sent(name, {
        document: dated('2026-11-01'),
        second: says(standard, 23),
      })
      control.editContact(tenant.organisation, first, says('ZERORATED', 9))
      await pull(tenant)
      return { tenant, first }
    }

    /** The record is another contact from now on, a line is added, and the document is of another day. */
    async function added(tenant: Tenant, first: string, before = async () => {}) {
      await elsewhere(tenant)
      await pull(tenant)
      await before()
      await tenant.put(path, dated('2026-11-02', { ...lineWithout('2', 'taxCode', 'itemId'), unitPrice: '7' }))
      await pull(tenant)
      t.match(await tenant.state(path, 'd'), relinked)
      const { LineItems, DateString, DueDateString, Contact } = there(tenant)
      t.equal(Contact.ContactID, first)
      const days = (Date.parse(DueDateString) - Date.parse(DateString)) / 86_400_000
      return { taxType: LineItems.find((one: Row) => one.UnitAmount === 7)?.TaxType, days }
    }

    t.test(`given ${path} of another contact, when a line is added, then it is as where they stand`, async (t) => {
      const { tenant, first } = await sent('known')
      t.strictSame(await added(tenant, first), { taxType: 'ZERORATED', days: 9 })
      tenant.checkXero(t)
    })

    t.test(`given ${path} at a contact that nobody knows, when a line is added, then it is as when sent`, async (t) => {
      const { tenant, first } = await sent('unknown')
      await tenant.put(path, dated('2026-11-03'))
      await pull(tenant)
      await synced(t, tenant, path, 'd')
      const forget = async () => {
        await world.database.db.deleteFrom('remote_entities').where('remote_id', '=', first).execute()
      }
      t.strictSame(await added(tenant, first, forget), { taxType: 'ZERORATED', days: 9 })
    })
  }
})
