// Reference lists that suddenly lack much of what they held: what was read before stays until Xero says so twice, and no document
// is refused for an account that is there.
import t from 'tap'
import { openWorld } from '../support/house.ts'
import { customer, invoice, item } from '../support/records.ts'
import { openTenant, type Tenant } from '../support/tenant.ts'

t.test('doubted lists', async (t) => {
  const world = await openWorld(t)
  const { control } = world.simulator
  const cut = (tenant: Tenant, path: string, rows: object, times = 1) =>
    control.faults({ kind: 'answer', method: 'GET', path, tenantId: tenant.organisationId, times, answer: { rows } })
  const entries = async (tenant: Tenant, list: string) => (await tenant.api('GET', list)).body.items

  /** A company whose lists were read, and an invoice that waits. */
  async function ready(name: string): Promise<Tenant> {
    control.clearFaults()
    const tenant = await openTenant(world, name)
    await tenant.put('customers', customer('c1'))
    await tenant.put('items', item('i1', { kind: 'service' }))
    await tenant.sync()
    tenant.mark()
    await tenant.put('invoices', invoice('n1', 'c1', ['i1']))
    return tenant
  }

  for (const [list, path] of [
    ['accounts', '/Accounts'],
    ['tax-rates', '/TaxRates'],
  ] as const) {
    t.test(
      `given ${list} that are empty three times, then what is known stays, and the job goes on after`,
      async (t) => {
        const tenant = await ready(`empty-${list}`)
        const before = await entries(tenant, list)
        t.ok(before.length > 5)
        cut(tenant, path, { as: 'empty' }, 3)
        t.equal((await tenant.sync()).status, 'completed')
        t.match(await tenant.state('invoices', 'n1'), { state: 'synced' })
        t.equal(tenant.calls(`GET ${path}`).length, 4)
        t.strictSame(await entries(tenant, list), before)
        tenant.checkXero(t)
      },
    )
  }

  t.test('given a list that lacks many once, then it is read again', async (t) => {
    const tenant = await ready('half')
    const before = await entries(tenant, 'accounts')
    cut(tenant, '/Accounts', { share: 0.1 })
    t.equal((await tenant.sync()).status, 'completed')
    t.match(await tenant.state('invoices', 'n1'), { state: 'synced' })
    t.strictSame(await entries(tenant, 'accounts'), before)
    t.equal(tenant.calls('GET /Accounts').length, 2)
    tenant.checkXero(t)
  })

  t.test('given a list that lacks the same twice, then it is believed', async (t) => {
    const tenant = await ready('twice')
    const before = await entries(tenant, 'accounts')
    cut(tenant, '/Accounts', { share: 0.5 }, 2)
    const job = await tenant.sync()
    t.ok(job.completedAt)
    t.equal(tenant.calls('GET /Accounts').length, 2)
    t.equal((await entries(tenant, 'accounts')).length, Math.ceil(before.length / 2))
  })

  t.test('given a list that lacks others each time, then it is not believed', async (t) => {
    const tenant = await ready('others')
    const before = await entries(tenant, 'accounts')
    cut(tenant, '/Accounts', { share: 0.1 })
    cut(tenant, '/Accounts', { share: 0.3 })
    t.equal((await tenant.sync()).status, 'completed')
    t.strictSame(await entries(tenant, 'accounts'), before)
    t.equal(tenant.calls('GET /Accounts').length, 3)
  })

  t.test(
    'given a person who asks for the list, then it is told, and believed only when it says so twice',
    async (t) => {
      const tenant = await ready('asked')
      const before = await entries(tenant, 'accounts')
      cut(tenant, '/Accounts', { share: 0.5 }, 2)
      const refused = await tenant.api('POST', 'accounts/refresh')
      t.match([refused.status, refused.body.code], [502, 'xero_unreachable'])
      t.match(refused.body.detail, /lacks \d+ of \d+ entries of accounts/)
      t.strictSame(await entries(tenant, 'accounts'), before)
      t.equal((await tenant.api('POST', 'accounts/refresh')).status, 200)
      t.equal((await entries(tenant, 'accounts')).length, Math.ceil(before.length / 2))
    },
  )

  t.test('given a list that may be empty, when it is so twice, then it is believed', async (t) => {
    const tenant = await ready('themes')
    const list = 'branding-themes'
    t.ok((await entries(tenant, list)).length > 0)
    cut(tenant, '/BrandingThemes', { as: 'empty' }, 2)
    t.equal((await tenant.sync()).status, 'completed')
    t.strictSame(await entries(tenant, list), [])
    t.equal(tenant.calls('GET /BrandingThemes').length, 2)
    tenant.checkXero(t)
  })
})
