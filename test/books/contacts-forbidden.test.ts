// Case 15: values that Xero holds and our schema forbids.
import t from 'tap'
import { openWorld } from '../support/house.ts'
import { openTenant } from '../support/tenant.ts'
import { body, byHand, contact } from './support/books.ts'

t.test('books: contacts forbidden', async (t) => {
  const world = await openWorld(t)
  const { control } = world.simulator

  t.test('15 given contacts that our schema forbids, then they come in and may be handed back', async (t) => {
    const tenant = await openTenant(world, 'forbidden')
    const odd: Record<string, object> = {
      long: { Name: `Long ${'x'.repeat(258)}` },
      mails: { Name: 'Two mails', EmailAddress: 'a@two.example; b@two.example' },
      angle: { Name: 'Angle <b> Ltd' },
      spaces: { Name: 'Two  spaces ' },
      terms: { Name: 'Odd terms', PaymentTerms: { Sales: { Day: 3, Type: 'SOMETIME' } } },
      web: { Name: 'Web', Website: 'example.com' },
      phone: { Name: 'Phone', Phones: [{ PhoneType: 'DEFAULT', PhoneNumber: '5'.repeat(60) }] },
      currency: { Name: 'Currency', DefaultCurrency: 'XXX' },
      person: { Name: 'Person', ContactPersons: [{ FirstName: 'P', EmailAddress: 'no mail', IncludeInEmails: true }] },
      persons: { Name: 'Six', ContactPersons: Array.from({ length: 6 }, (_, n) => ({ FirstName: `P${n}` })) },
    }
    const held = Object.values(odd).map((fields) => {
      const made = control.createContact(tenant.organisation, { ...fields }, { unchecked: true })
      control.createInvoice(tenant.organisation, byHand('ACCREC', made.ContactID, { CurrencyCode: 'AUD' }))
      return made
    })
    const job = await tenant.sync()
    t.equal(job.status, 'completed', JSON.stringify(await tenant.errors(job.id)))
    const list = await tenant.api('GET', 'customers?limit=200')
    t.equal(list.body.items?.length, held.length)
    for (const { record: known, id } of list.body.items ?? []) {
      const put = await tenant.api('PUT', `customers/${id}`, known)
      t.ok(put.status < 300, `${known.name?.slice(0, 20)}: ${put.status} ${JSON.stringify(put.body.errors)}`)
    }
    await tenant.sync()
    for (const was of held) t.strictSame(body(contact(tenant, was.ContactID)), body(was), String(was.Name).slice(0, 20))
  })
})
