// What it costs to turn one page of 1,000 contacts into values: parsing alone, our reader, and the SDK's deserialiser.
import { ObjectSerializer } from 'xero-node/dist/gen/model/accounting/models.js'
import type { Client } from '../src/accounting/xero/client.ts'
import { readContacts } from '../src/accounting/xero/import.ts'
import { parseLossless } from '../src/lib/json.ts'
import { startSimulator } from '../src/simulator/index.ts'
import { type Benchmark, compare, ratio } from './support.ts'

async function pageOfContacts(): Promise<string> {
  const simulator = await startSimulator()
  try {
    const [organisation] = simulator.control.organisations()
    simulator.control.bulk(organisation?.id ?? '', { contacts: 1000 })
    const { tokens } = simulator.control.connect()
    const answer = await fetch(`${simulator.apiUrl}/api.xro/2.0/Contacts?page=1&pageSize=1000`, {
      headers: {
        authorization: `Bearer ${String(tokens.access_token)}`,
        'xero-tenant-id': organisation?.id ?? '',
        accept: 'application/json',
      },
    })
    return await answer.text()
  } finally {
    await simulator.close()
  }
}

export const readPage: Benchmark = {
  title: 'Reading a page of 1,000 contacts',
  method:
    'The text of one page, as it comes off the wire, in memory. Parsing alone: `JSON.parse`. Our reader: plain parsing (contacts ' +
    'hold no money that is taken over) and mapping of each row to a record, as the import does it. Lossless parsing keeps every number as text, as lists with money need it. The SDK: `JSON.parse` and its deserialiser. Processor time, median of 31 rounds.',
  async run() {
    const text = await pageOfContacts()
    const rows = (JSON.parse(text) as { Contacts: unknown[] }).Contacts.length
    if (rows !== 1000) throw new Error(`the page has ${rows} contacts`)
    const wire: Pick<Client, 'get'> = {
      get: async () => ({ status: 200, headers: {}, body: JSON.parse(text), fault: null }),
    }
    const request = { page: 1, pageSize: 1000, modifiedSince: null }
    const times = await compare(
      {
        parse: () => JSON.parse(text),
        lossless: () => parseLossless(text),
        ours: () => readContacts(wire as Client, { accessToken: '', organisationId: '' }, request),
        sdk: () => ObjectSerializer.deserialize(JSON.parse(text), 'Contacts'),
      },
      31,
    )
    return [
      {
        what: 'lossless parsing / JSON.parse',
        value: ratio(times.lossless, times.parse),
        meaning: 'the price of keeping every digit',
      },
      {
        what: 'our reader / JSON.parse',
        value: ratio(times.ours, times.parse),
        meaning: 'parsing and mapping to records',
      },
      {
        what: 'SDK / JSON.parse',
        value: ratio(times.sdk, times.parse),
        meaning: 'to its models, which would still have to be mapped',
      },
      {
        what: 'SDK / our reader',
        value: ratio(times.sdk, times.ours),
        meaning: 'above 1: the SDK costs more',
      },
    ]
  },
}
