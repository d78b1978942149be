// Texts of Xero's that no database keeps, NUL and half of an emoji, wherever an answer may hold them: the job ends as with any
// other text.
import t, { type Test } from 'tap'
import { openWorld } from '../support/house.ts'
import { customer, invoice, item } from '../support/records.ts'
import { openTenant, type Tenant } from '../support/tenant.ts'

const odd = { 'half of an emoji': '\ud83d', NUL: '\u0000' } as const
/** As JSON writes it. */
const escaped = (text: string) => JSON.stringify(text).slice(1, -1)

t.test('texts that no database keeps', async (t) => {
  const world = await openWorld(t)
  const { control } = world.simulator
  const fault = (tenant: Tenant, method: string, path: string, more: object) =>
    control.faults({ kind: 'answer', method, path, tenantId: tenant.organisationId, ...more })

  async function ready(name: string): Promise<Tenant> {
    control.clearFaults()
    const tenant = await openTenant(world, name)
    await tenant.put('customers', customer('c1'))
    await tenant.put('items', item('i1', { kind: 'service' }))
    await tenant.sync()
    return tenant
  }

  /** Every planned answer came, and nothing is left over. */
  async function ends(t: Test, tenant: Tenant, errors: readonly string[] = []): Promise<void> {
    const job = await tenant.sync()
    t.equal(job.status, errors.length > 0 ? 'completed_with_errors' : 'completed')
    t.strictSame(
      (await tenant.errors(job.id)).map(({ lastError }) => lastError.code),
      errors,
    )
    t.strictSame(control.pendingFaults(), [])
  }

  for (const [name, sign] of Object.entries(odd)) {
    const short = name.split(' ')[0]?.toLowerCase() ?? ''

    t.test(`given ${name} in a refusal, then it is shown without`, async (t) => {
      const tenant = await ready(`refusal-${short}`)
      fault(tenant, 'PUT', '/Contacts', { answer: { messages: [`Odd ${sign} text`] } })
      await tenant.put('customers', customer('c2'))
      await ends(t, tenant, ['rejected'])
      t.match(await tenant.state('customers', 'c2'), { lastError: { xero: ['Odd \ufffd text'] } })
      tenant.checkXero(t)
    })

    t.test(`given ${name} in a warning, then the document is synced`, async (t) => {
      const tenant = await ready(`warning-${short}`)
      const Warnings = escaped(`Odd ${sign} text`)
      fault(tenant, 'PUT', '/Invoices', {
        answer: { replace: [['"InvoiceID":', `"Warnings":[{"Message":"${Warnings}"}],"InvoiceID":`]] },
      })
      await tenant.put('invoices', invoice('n1', 'c1', ['i1']))
      await ends(t, tenant)
      t.match(await tenant.state('invoices', 'n1'), { state: 'synced' })
      tenant.checkXero(t)
    })

    t.test(`given ${name} in an answer that is not Xero's, then the write is found out`, async (t) => {
      const tenant = await ready(`gateway-${short}`)
      fault(tenant, 'PUT', '/Invoices', { stage: 'after', answer: () => ({ status: 502, raw: `down ${sign}` }) })
      await tenant.put('invoices', invoice('n1', 'c1', ['i1']))
      await ends(t, tenant)
      t.equal(tenant.xero('Invoices').length, 1)
      tenant.checkXero(t)
    })

    t.test(
      `given ${name} in a line and in the name of a contact, when a document is changed, then both are seen`,
      async (t) => {
        const tenant = await ready(`lines-${short}`)
        const lines = [{ id: '1', itemId: 'i1', description: 'A plain line', quantity: '1', unitPrice: '10' }]
        await tenant.put('invoices', invoice('n1', 'c1', [], { lines }))
        await tenant.sync()
        const [{ InvoiceID, Contact }] = tenant.xero('Invoices')
        fault(tenant, 'GET', '/Invoices', {
          answer: {
            replace: [
              ['A plain line', escaped(`Of a person ${sign}`)],
              [`"Name":${JSON.stringify(Contact.Name)}`, `"Name":"${escaped(`Odd ${sign}`)}"`],
            ],
          },
        })
        await tenant.put('invoices', invoice('n1', 'c1', [], { lines, customerPo: 'PO-1' }))
        await ends(t, tenant, ['edited_in_xero'])
        const { lastError } = await tenant.state('invoices', 'n1')
        t.match(JSON.stringify(lastError), 'Of a person \ufffd')
        t.equal(tenant.xero('Invoices')[0].InvoiceID, InvoiceID)
        tenant.checkXero(t)
      },
    )

    t.test(`given ${name} in what a contact says, then it comes in, and no change writes it back`, async (t) => {
      const tenant = await ready(`contact-${short}`)
      const [{ ContactID, Name }] = tenant.xero('Contacts')
      control.editContact(tenant.organisation, ContactID, { FirstName: `Odd ${sign} name` } as never, {
        unchecked: true,
      })
      await tenant.sync('full')
      t.match((await tenant.api('GET', 'customers/c1')).body.record, { firstName: 'Odd \ufffd name' })
      const { record } = (await tenant.api('GET', 'customers/c1')).body
      await tenant.put('customers', { ...record, email: 'new@example.com' })
      tenant.mark()
      await ends(t, tenant)
      t.match(tenant.xero('Contacts'), [{ Name, FirstName: `Odd ${sign} name`, EmailAddress: 'new@example.com' }])
      tenant.checkXero(t)
    })

    t.test(`given ${name} in the name of an account, then the lists are kept`, async (t) => {
      const tenant = await ready(`account-${short}`)
      const before = (await tenant.api('GET', 'accounts')).body
      const [{ name: known }] = before.items
      // Where nothing is sent, a job reads them once a day.
      world.clock.advance(24 * 60 * 60_000)
      fault(tenant, 'GET', '/Accounts', {
        answer: { replace: [[JSON.stringify(known), `"${escaped(`Odd ${sign}`)}"`]] },
      })
      await ends(t, tenant)
      const after = (await tenant.api('GET', 'accounts')).body
      t.match(after.items, [{ name: 'Odd \ufffd' }])
      tenant.checkXero(t)
    })
  }
})
