// Versions of the product: what is older than anything that came before is late and is ignored, also when that which came
// before changed nothing.
import t from 'tap'
import { openWorld } from '../support/house.ts'
import { bill, customer, invoice, item, vendor } from '../support/records.ts'

type Make = (more: object) => object
const makers: Readonly<Record<string, Make>> = {
  items: (more) => item('r1', { ...more }),
  customers: (more) => customer('r1', { ...more }),
  vendors: (more) => vendor('r1', { ...more }),
  invoices: (more) => invoice('r1', 'c1', ['i1'], { ...more }),
  bills: (more) => bill('r1', 'v1', ['i1'], { ...more }),
}
const other: Readonly<Record<string, object>> = { invoices: { memo: 'B' }, bills: { memo: 'B' } }

const { api, connect } = await openWorld(t)
const c = `/v1/connections/${await connect()}`
const ways = {
  alone: async (path: string, record: object): Promise<string> =>
    (await api('PUT', `${c}/${path}/r1`, record)).body.result,
  'in bulk': async (path: string, record: object): Promise<string> =>
    (await api('PUT', `${c}/${path}`, { records: [record] })).body.results[0].result,
}

for (const [how, put] of Object.entries(ways)) {
  t.test(
    `given a newer version without a change, when an older one comes late ${how}, then it is ignored`,
    async (t) => {
      for (const [path, make] of Object.entries(makers)) {
        const late = other[path] ?? { name: 'B' }
        const base = how === 'alone' ? 0 : 10
        const before = await api('GET', `${c}/${path}/r1`)
        const first = await put(path, make({ version: base + 3 }))
        t.equal(first, 'created', path)
        const { updatedAt } = (await api('GET', `${c}/${path}/r1`)).body
        t.equal(await put(path, make({ version: base + 5 })), 'unchanged', path)
        const stored = (await api('GET', `${c}/${path}/r1`)).body
        t.equal(stored.record.version, base + 5, 'the record says its version')
        t.equal(stored.updatedAt, updatedAt, 'and did not change')
        t.equal(await put(path, make({ version: base + 4, ...late })), 'stale', path)
        t.equal(await put(path, make({ version: base + 5, ...late })), 'updated', path)
        t.equal(await put(path, make({})), 'updated', 'one without a version is taken')
        t.equal(await put(path, make({ version: base + 4, ...late })), 'stale', 'and does not make older ones welcome')
        t.equal((await put(path, make({ version: Number.MAX_SAFE_INTEGER + 1 }))) === 'updated', false, path)
        t.ok(before.status < 500)
        t.equal((await api('DELETE', `${c}/${path}/r1`)).status, 200)
        t.equal(await put(path, make({ version: base + 4 })), 'stale', 'a late retry brings no deleted record back')
        t.ok((await api('GET', `${c}/${path}/r1`)).body.deletedAt, path)
      }
    },
  )
}
