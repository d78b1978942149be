// Handing over 1,000 records in one request, against 1,000 requests with one record each.
import { customer } from '../test/support/records.ts'
import { type Benchmark, ratio, timed, withWorld } from './support.ts'

const count = 1000
const records = (prefix: string, more: object = {}) =>
  Array.from({ length: count }, (_, index) => customer(`${prefix}${index}`, more as Record<string, unknown>))

export const handingOver: Benchmark = {
  title: 'Creating and replacing 1,000 customers',
  method:
    'Requests injected into the application (no socket), embedded database in memory, one after the other; processor time of ' +
    'one run of each after a warm-up of 100 records.',
  run: () =>
    withWorld(async ({ api, connect }) => {
      const c = `/v1/connections/${await connect()}`
      const bulk = (list: readonly object[]) => async () => {
        const { status, body } = await api('PUT', `${c}/customers`, { records: list })
        if (status !== 200 || body.summary.refused > 0) throw new Error(`the bulk PUT answered ${status}`)
      }
      const single = (list: readonly { id: string }[]) => async () => {
        for (const record of list) {
          const { status } = await api('PUT', `${c}/customers/${record.id}`, record)
          if (status >= 300) throw new Error(`a PUT answered ${status}`)
        }
      }
      await bulk(records('warm').slice(0, 100))()
      await single(records('warmer').slice(0, 100))()
      const inOne = await timed(bulk(records('b')))
      const oneByOne = await timed(single(records('s')))
      const unchanged = await timed(bulk(records('b')))
      return [
        {
          what: '1,000 single PUTs / one bulk PUT',
          value: ratio(oneByOne, inOne),
          meaning: 'how much longer one by one takes',
        },
        {
          what: 'bulk PUT of new records / of unchanged ones',
          value: ratio(inOne, unchanged),
          meaning: 'content that did not change is recognised by its hash and writes nothing',
        },
      ]
    }),
}
