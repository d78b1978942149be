// The provider against a simulated organisation, over a real socket: what is written can be found, imported, changed and
// removed, and what the wire loses can be settled.
import t, { type Test } from 'tap'
import type { AccountingProvider, Call, ImportedContact, WriteElement } from '../../src/accounting/provider.ts'
import { createXeroProvider } from '../../src/accounting/xero/provider.ts'
import type { FoundDocument, RemoteRef } from '../../src/domain/found-document.ts'
import type { Posted } from '../../src/domain/posting/posted.ts'
import { kiwi, startSimulator } from '../../src/simulator/index.ts'
import { inWords } from './support/outcome.ts'
import { contact, id, invoice, item } from './support/samples.ts'

async function organisation(t: Test) {
  const simulator = await startSimulator({ minuteLimit: 1000 })
  t.teardown(() => simulator.close())
  const { clientId, clientSecret, identityUrl, apiUrl, control } = simulator
  const provider = createXeroProvider({ clientId, clientSecret, identityUrl, apiUrl, timeoutMs: 3_000 })
  const { tokens } = control.connect({ organisations: [kiwi] })
  const organisationId = control.organisations().find(({ name }) => name === kiwi)?.id ?? ''
  const call = { accessToken: String(tokens.access_token), organisationId }
  const refreshToken = String(tokens.refresh_token)

  const write = async (posted: readonly Posted[], refs: readonly (RemoteRef | null)[] = [], key = 'k') => {
    const elements = posted.map((one, index): WriteElement => {
      const ref = refs[index] ?? null
      return { posted: one, remoteId: ref?.remoteId ?? null, lineIds: ref?.lineIds ?? {} }
    })
    const list = posted[0]?.list ?? 'contacts'
    const frozen = provider.freeze(list, refs.length > 0 ? 'update' : 'create', elements)
    return provider.write(call, frozen, elements, key)
  }
  const written = async (...args: Parameters<typeof write>): Promise<RemoteRef[]> => {
    const outcome = await write(...args)
    if (outcome.kind !== 'ok') throw new Error(JSON.stringify(outcome))
    return outcome.value.map((result) => {
      if (result.kind !== 'written') throw new Error(JSON.stringify(result))
      return result.remote
    })
  }
  return { simulator, control, provider, call, refreshToken, write, written }
}

const sale = (n: number, contactRemoteId: string, more: Partial<ReturnType<typeof invoice>> = {}) =>
  invoice(n, {
    contactRemoteId,
    lines: [
      {
        lineId: 'a',
        description: 'Widget',
        quantity: '2',
        unitAmount: '10.1250',
        accountCode: '200',
        taxType: 'OUTPUT2',
        tracking: [],
      },
      {
        lineId: 'b',
        description: 'Freight',
        quantity: '1',
        unitAmount: '5.00',
        accountCode: '200',
        taxType: 'OUTPUT2',
        tracking: [],
      },
    ],
    ...more,
  })

t.test('given an organisation, when its reference lists are read, then all of them come', async (t) => {
  const { provider, call } = await organisation(t)
  const all: Record<string, unknown[]> = {}
  for (const names of provider.referenceCalls) {
    const outcome = await provider.readReference(call, names)
    if (outcome.kind !== 'ok') return t.fail(JSON.stringify(outcome))
    Object.assign(all, outcome.value)
  }
  t.match(all.organisation, [{ name: kiwi, baseCurrency: 'NZD', timezone: 'Pacific/Auckland', countryCode: 'NZ' }])
  for (const name of ['accounts', 'taxRates', 'trackingCategories', 'currencies', 'contactGroups', 'brandingThemes'])
    t.ok((all[name]?.length ?? 0) > 0, name)
  t.ok(Array.isArray(all.paymentTerms))
})

t.test('given contacts, when they are created, changed, archived, then the import shows each step', async (t) => {
  const { provider, call, written } = await organisation(t)
  const imported = async (): Promise<ImportedContact[]> => {
    const outcome = await provider.readContacts(call, { page: 1, pageSize: 1000, modifiedSince: null })
    if (outcome.kind !== 'ok') throw new Error(JSON.stringify(outcome))
    t.same(outcome.value.unreadable, [])
    return outcome.value.entries.filter(({ contactNumber }) => contactNumber?.startsWith('customer:C-'))
  }
  const refs = await written([contact(1), contact(2)])
  t.match(refs, [{ number: 'customer:C-1', status: 'ACTIVE' }, { number: 'customer:C-2' }])
  t.match(
    (await imported()).find(({ remoteId }) => remoteId === refs[0]?.remoteId),
    {
      archived: false,
      roles: { customer: false, vendor: false },
      fields: {
        name: 'Contact 1',
        email: 'ann@example.com',
        phones: [{ kind: 'mobile', number: '+64 21 555 123' }],
        addresses: [{ kind: 'billing', lines: ['1 Queen St', 'Level 2'], city: 'Auckland', country: 'New Zealand' }],
        contactPersons: [{ firstName: 'Bob', email: 'bob@example.com' }],
        salesTerms: { kind: 'DAYSAFTERBILLDATE', days: 20 },
        active: true,
      },
    },
  )
  const taken = { phones: [{ kind: 'mobile', number: '' }], addresses: [{ kind: 'billing', lines: [] }] } as const
  const bare = contact(1, { email: '', ...taken, contactPersons: [] })
  await written([bare], refs.slice(0, 1), 'k2')
  const changed = (await imported()).find(({ remoteId }) => remoteId === refs[0]?.remoteId)
  t.notOk(changed?.fields.email)
  t.same([changed?.fields.phones, changed?.fields.addresses, changed?.fields.contactPersons], [[], [], []])

  const archived = await provider.remove(call, { list: 'contacts', action: 'archive' }, refs[1]?.remoteId ?? '', 'k3')
  t.match(archived, { kind: 'ok', value: { kind: 'written', remote: { status: 'ARCHIVED' } } })
  t.match(
    (await imported()).find(({ remoteId }) => remoteId === refs[1]?.remoteId),
    { archived: true, fields: { active: false } },
  )
  const again = await provider.remove(call, { list: 'contacts', action: 'archive' }, refs[1]?.remoteId ?? '', 'k4')
  t.equal(inWords(again), 'ok written', 'archived twice is archived')
})

t.test('given many contacts, when they are read by pages, then each comes once', async (t) => {
  const { provider, call, control } = await organisation(t)
  control.bulk(kiwi, { contacts: 25 })
  const seen: string[] = []
  for (let page: number | null = 1; page !== null; ) {
    const outcome = await provider.readContacts(call, { page, pageSize: 10, modifiedSince: null })
    if (outcome.kind !== 'ok') return t.fail(JSON.stringify(outcome))
    seen.push(...outcome.value.entries.map(({ remoteId }) => remoteId))
    page = outcome.value.nextPage
  }
  t.ok(seen.length >= 25)
  t.equal(new Set(seen).size, seen.length)
})

t.test('given an item, when it is created, found, imported and deleted, then Xero holds it no more', async (t) => {
  const { provider, call, written } = await organisation(t)
  const posted = item(1)
  const [ref] = await written([posted])
  const found = await provider.find(call, 'items', [posted])
  t.match(found, {
    kind: 'ok',
    value: { found: [{ marker: 'ITEM-1', remote: { remoteId: ref?.remoteId }, differences: [] }] },
  })
  const two = await provider.find(call, 'items', [posted, item(2)])
  t.equal(two.kind === 'ok' && two.value.found.length, 1)
  const changed = await provider.find(call, 'items', [item(1, { name: 'Other', sales: { unitPrice: '12.35' } })])
  t.match(changed, { value: { found: [{ differences: ['name', 'salePrice'] }] } })
  const imported = await provider.readItems(call, null)
  if (imported.kind !== 'ok') return t.fail(JSON.stringify(imported))
  t.match(imported.value.entries.find(({ code }) => code === 'ITEM-1')?.fields, {
    salePrice: '12.34',
    purchasePrice: '7.0001',
    incomeAccount: '200',
    kind: 'non_inventory',
  })
  const removal = { list: 'items', action: 'delete' } as const
  t.equal(inWords(await provider.remove(call, removal, ref?.remoteId ?? '', 'k2')), 'ok written')
  t.equal(inWords(await provider.remove(call, removal, ref?.remoteId ?? '', 'k3')), 'ok written', 'gone counts as done')
  t.match(await provider.find(call, 'items', [posted]), { kind: 'ok', value: { found: [] } })
})

t.test('given an invoice, when it is written, updated and voided, then its lines keep their ids', async (t) => {
  const { provider, call, control, written } = await organisation(t)
  const [customer] = await written([contact(1)])
  const posted = sale(1, customer?.remoteId ?? '')
  const [ref] = await written([posted], [], 'k1')
  t.match(ref, { number: 'INV-1', status: 'AUTHORISED' })
  t.equal(Object.keys(ref?.lineIds ?? {}).length, 2)

  const changed = {
    ...posted,
    lines: posted.lines.map((line) => (line.lineId === 'a' ? { ...line, quantity: '3' } : line)),
  }
  const [after] = await written([changed], ref ? [ref] : [], 'k2')
  t.same(after?.lineIds, ref?.lineIds)
  t.match(await provider.find(call, 'invoices', [changed]), { value: { found: [{ differences: [] }] } })
  t.match(await provider.find(call, 'invoices', [posted]), { value: { found: [{ differences: ['total', 'lines'] }] } })

  const voided = await provider.remove(call, { list: 'invoices', action: 'void' }, ref?.remoteId ?? '', 'k3')
  t.match(voided, { kind: 'ok', value: { remote: { status: 'VOIDED' } } })
  t.match(await provider.find(call, 'invoices', [changed]), {
    value: { found: [{ remote: { status: 'VOIDED' }, differences: ['status'] }] },
  })
  t.equal(control.read(kiwi, 'Invoices').length, 1)
})

t.test('given a batch with a bad document, when it is written, then the others are saved', async (t) => {
  const { write, written, control } = await organisation(t)
  await written([contact(7)])
  const outcome = await write([contact(1), contact(2, { name: 'Contact 7' }), contact(3)], [], 'k2')
  t.equal(inWords(outcome), 'ok written, rejected contact_name_taken, written')
  t.equal(
    control.read(kiwi, 'Contacts').filter(({ ContactNumber }) => String(ContactNumber).startsWith('customer:C-'))
      .length,
    3,
  )
})

for (const kind of ['lost_response', 'http_500_after', 'html_200', 'empty_200', 'truncated'] as const) {
  t.test(`given ${kind} on a write, when the same call is replayed, then the one document is there once`, async (t) => {
    const { provider, call, control, write, written } = await organisation(t)
    const [customer] = await written([contact(1)])
    const posted = sale(1, customer?.remoteId ?? '')
    control.faults({ kind, method: 'PUT', path: '/Invoices' })
    t.equal(inWords(await write([posted], [], 'same')), 'unknown outcome_unknown')
    const found = await provider.find(call, 'invoices', [posted])
    t.match(found, { kind: 'ok', value: { found: [{ marker: 'INV-1', differences: [] }] } }, 'it was saved')
    // Answers are kept under the key, a lost one and an error alike (xero.md, Idempotency).
    const replay = await write([posted], [], 'same')
    t.match(inWords(replay), kind === 'http_500_after' ? /^(unknown outcome_unknown|ok written)$/ : 'ok written')
    t.equal(control.read(kiwi, 'Invoices').length, 1)
  })
}

t.test('given an update of what no longer exists, when it is sent, then it is not found', async (t) => {
  const { write } = await organisation(t)
  const ref = { remoteId: id(77), number: null, status: null, updatedAt: null, lineIds: {} }
  t.equal(inWords(await write([contact(1)], [ref])), 'refused not_found')
})

t.test(
  'given a taken number, when another invoice asks for it, then it is a duplicate and the other one is found',
  async (t) => {
    const { provider, call, written, write } = await organisation(t)
    const [customer, other] = await written([contact(1), contact(2)])
    await written([sale(1, customer?.remoteId ?? '')], [], 'k1')
    const posted = sale(1, other?.remoteId ?? '', { date: '2026-11-01' })
    t.equal(inWords(await write([posted], [], 'k2')), 'ok rejected duplicate_number')
    t.match(await provider.find(call, 'invoices', [posted]), {
      value: { found: [{ differences: ['contact', 'date'] }] },
    })
  },
)

/** Looks up group by group, as a caller does. */
async function findAll(
  provider: AccountingProvider,
  call: Call,
  list: 'contacts' | 'invoices',
  posted: readonly Posted[],
) {
  const found: FoundDocument[] = []
  for (const group of provider.lookUpGroups(list, posted)) {
    const seen = await provider.find(call, list, group)
    if (seen.kind !== 'ok') throw new Error(JSON.stringify(seen))
    found.push(...seen.value.found)
  }
  return found
}

t.test(
  'given numbers with commas and invoices that Xero numbers, when they are looked up, then they are found',
  async (t) => {
    const { provider, call, written } = await organisation(t)
    const [customer] = await written([contact(1)])
    const at = customer?.remoteId ?? ''
    const posted = [
      sale(1, at),
      sale(2, at, { number: 'A,1' }),
      sale(3, at, { number: undefined, reference: 'S-3 "x"' }),
      sale(4, at, { number: undefined, reference: 'S-4' }),
    ]
    const refs = await written(posted, [], 'k1')
    const missing = [sale(8, at), sale(9, at, { number: undefined, reference: 'S-9' })]
    const found = await findAll(provider, call, 'invoices', [...posted, ...missing])
    t.same(
      found.map(({ marker, remote, differences }) => [marker, remote.remoteId, remote.lineIds, differences]),
      refs.map((ref, index) => [['INV-1', 'A,1', 'S-3 "x"', 'S-4'][index], ref.remoteId, ref.lineIds, []]),
    )
  },
)

t.test('given fifty contacts, when they are looked up, then all are found, archived ones too', async (t) => {
  const { provider, call, written } = await organisation(t)
  const posted = Array.from({ length: 50 }, (_, n) => contact(n, { accountNumber: `A${n}` }))
  const refs = await written(posted)
  await provider.remove(call, { list: 'contacts', action: 'archive' }, refs[3]?.remoteId ?? '', 'k2')
  const found = await findAll(provider, call, 'contacts', posted)
  t.same(
    found.map(({ remote }) => remote.remoteId),
    refs.map(({ remoteId }) => remoteId),
  )
  t.same(
    found.map(({ differences }) => differences).filter((one) => one.length > 0),
    [['status']],
  )
})

t.test('given a consent, when tokens are refreshed and connections removed, then each step shows', async (t) => {
  const { provider, control, call, refreshToken } = await organisation(t)
  const { userId, eventId } = provider.consentOf(call.accessToken)
  t.ok(userId && eventId)
  const granted = await provider.grantedConnections(call.accessToken, eventId)
  t.match(granted, { kind: 'ok', value: [{ organisationName: kiwi, organisationId: call.organisationId, eventId }] })
  t.match(await provider.grantedConnections(call.accessToken, id(1)), { kind: 'ok', value: [] })

  const renewed = await provider.refresh(refreshToken)
  t.match(renewed, { kind: 'ok', tokens: { expiresIn: 1800 } })
  const accessToken = renewed.kind === 'ok' ? renewed.tokens.accessToken : ''
  t.ok(renewed.kind === 'ok' && renewed.tokens.scopes.includes('accounting.contacts'))
  t.match(await provider.refresh('never-issued'), { kind: 'invalid_grant' })

  const [connection] = granted.kind === 'ok' ? granted.value : []
  t.match(await provider.removeConnection(accessToken, connection?.remoteConnectionId ?? ''), { kind: 'ok' })
  t.match(
    await provider.removeConnection(accessToken, connection?.remoteConnectionId ?? ''),
    { kind: 'ok' },
    'gone is done',
  )
  t.equal(inWords(await provider.readItems({ ...call, accessToken }, null)), 'refused disconnected')
  control.invalidateAccessTokens()
  t.equal(inWords(await provider.readItems({ ...call, accessToken }, null)), 'refused token_expired')
})

t.test('given planned refusals, when calls are made, then limits and rights are told apart', async (t) => {
  const { provider, call, control } = await organisation(t)
  control.faults({ kind: 'http_429', problem: 'day', retryAfter: 3600 })
  t.equal(inWords(await provider.readItems(call, null)), 'refused day 3600')
  control.faults({ kind: 'http_503' })
  t.equal(inWords(await provider.readItems(call, null)), 'unknown unreachable')
  const narrow = control.connect({ organisations: [kiwi], scopes: ['offline_access', 'accounting.contacts'] })
  const limited = { ...call, accessToken: String(narrow.tokens.access_token) }
  t.equal(inWords(await provider.readReference(limited, ['accounts'])), 'refused not_permitted')
  const ok = await provider.readItems(call, null)
  t.ok((ok.limits.minuteRemaining ?? -1) >= 0 && (ok.limits.dayRemaining ?? -1) > 0)
})
