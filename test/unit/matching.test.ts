// Which contact in Xero an unlinked record means, and who wins a conflict.
import t from 'tap'
import { resolveImport } from '../../src/domain/conflict.ts'
import {
  type ContactKeys,
  isAlike,
  type MatchKeys,
  type MatchRules,
  matchContact,
  recordKeys,
} from '../../src/domain/matching.ts'
import { type MatchField, matchFields } from '../../src/domain/settings/contacts.ts'
import { customer } from './support/builders.ts'

const none: MatchKeys = { contactNumber: null, accountNumber: null, taxNumber: null, email: null, name: null }
const candidate = (remoteId: string, keys: Partial<ContactKeys>): ContactKeys => ({
  ...none,
  archived: false,
  remoteId,
  ...keys,
})
const rules = (matchBy: readonly MatchField[] = matchFields, more: Partial<MatchRules> = {}): MatchRules => ({
  matchBy,
  onEmailOnly: 'conflict',
  onNumberOnly: 'conflict',
  ...more,
})
const record: MatchKeys = { ...none, accountNumber: 'A1', email: 'ann@example.com', name: 'Ann Ltd' }

t.test('given no candidate that fits, when matched, then none', async (t) => {
  t.same(matchContact(record, [], rules()), { kind: 'none' })
  t.same(matchContact(record, [candidate('x', { name: 'Bob' })], rules()), { kind: 'none' })
  t.same(matchContact(none, [candidate('x', {})], rules()), { kind: 'none' }, 'two absent keys are not equal')
  t.same(matchContact({ ...none, email: ' ' }, [candidate('x', { email: '' })], rules()), { kind: 'none' })
})

t.test('given candidates by several fields, when matched, then the first field of matchBy decides', async (t) => {
  const byEmail = candidate('byEmail', { email: 'ann@example.com', name: 'ANN Limited' })
  const candidates = [candidate('byName', { name: 'Ann Ltd' }), byEmail]
  t.same(matchContact(record, candidates, rules(['email', 'name'])), {
    kind: 'match',
    remoteId: 'byEmail',
    by: 'email',
  })
  t.same(matchContact(record, candidates, rules(['name', 'email'])), { kind: 'match', remoteId: 'byName', by: 'name' })
  t.same(matchContact(record, candidates, rules(['taxNumber'])), { kind: 'none' })
  t.same(matchContact(record, candidates, rules([])), { kind: 'none' })
})

t.test('given other letter case and spaces, when matched, then they do not distinguish', async (t) => {
  const candidates = [candidate('x', { name: ' ANN   ltd ' })]
  t.match(matchContact(record, candidates, rules(['name'])), { kind: 'match', remoteId: 'x' })
  t.match(matchContact({ ...none, name: 'Zoe\u0308' }, [candidate('x', { name: 'ZO\u00cb' })], rules(['name'])), {
    kind: 'match',
  })
})

t.test(
  'given several candidates by one field, when matched, then it is ambiguous and no later field decides',
  async (t) => {
    const same = [
      candidate('a', { email: 'ann@example.com', name: 'Ann Ltd' }),
      candidate('b', { email: 'ann@example.com', name: 'ANN LIMITED' }),
    ]
    t.same(matchContact(record, same, rules(['email', 'name'])), {
      kind: 'ambiguous',
      by: 'email',
      remoteIds: ['a', 'b'],
    })
    t.match(
      matchContact(record, [same[0]!, same[0]!], rules(['email'])),
      { kind: 'match' },
      'one contact listed twice is one',
    )
  },
)

t.test('given archived candidates, when matched, then they are none', async (t) => {
  const archived = candidate('old', { accountNumber: 'A1', name: 'Ann Ltd', archived: true })
  const active = candidate('new', { name: 'Ann Ltd' })
  t.same(matchContact(record, [archived, active], rules()), { kind: 'match', remoteId: 'new', by: 'name' })
  t.same(matchContact(record, [archived], rules()), { kind: 'none' })
})

t.test('given a key that fits under another name, when matched, then the rule of the settings decides', async (t) => {
  const mail = [candidate('beta', { name: 'Beta Ltd', email: 'ann@example.com' })]
  t.same(matchContact(record, mail, rules()), { kind: 'other_name', by: 'email', remoteIds: ['beta'] })
  t.match(matchContact(record, mail, rules(matchFields, { onEmailOnly: 'match' })), { kind: 'match', by: 'email' })
  t.same(matchContact(record, mail, rules(matchFields, { onEmailOnly: 'create' })), { kind: 'none' })
  const number = [candidate('beta', { name: 'Beta Ltd', accountNumber: 'a1' })]
  t.match(matchContact(record, number, rules()), { kind: 'other_name', by: 'accountNumber' })
  t.match(matchContact(record, number, rules(matchFields, { onNumberOnly: 'match' })), { kind: 'match' })
  t.same(matchContact(record, number, rules(matchFields, { onNumberOnly: 'create' })), { kind: 'none' })
  const numbered = { ...record, contactNumber: 'C-ann' }
  const ours = [candidate('beta', { name: 'Beta Ltd', contactNumber: 'C-ann' })]
  t.match(matchContact(numbered, ours, rules(['contactNumber'])), { kind: 'other_name', by: 'contactNumber' })
  t.match(matchContact(numbered, ours, rules(['contactNumber'], { onNumberOnly: 'match' })), { kind: 'other_name' })
  t.same(matchContact(numbered, ours, rules(['contactNumber'], { onNumberOnly: 'create' })), { kind: 'none' })
})

t.test('given names that differ in form alone, when matched by a weak key, then they are one', async (t) => {
  for (const name of ['ANN LTD', 'Ann Limited', 'Ánn, Ltd.', 'Ann L.t.d.']) {
    t.match(matchContact(record, [candidate('x', { name, email: record.email })], rules()), { kind: 'match' }, name)
  }
  const formless = candidate('x', { name: 'Ann', accountNumber: 'A1', email: record.email })
  t.match(matchContact(record, [formless], rules()), { kind: 'match', by: 'accountNumber' }, 'the number says the rest')
  t.match(matchContact(record, [formless], rules(['email'])), { kind: 'other_name' }, 'a mailbox does not')
})

t.test(
  'given names with and without, or with other legal forms, when matched by a mailbox, then they are several',
  (t) => {
    for (const [one, other] of [
      ['Alpha Inc', 'Alpha Pty Ltd'],
      ['Alpha Pty', 'Alpha Ltd'],
      ['Alpha Limited', 'Alpha Incorporated'],
      ['Alpha GmbH', 'Alpha AG'],
      ['Alpha', 'Alpha Co'],
    ] as const) {
      const [ours, theirs] = [
        { ...none, name: one, email: 'a@x.example' },
        { name: other, email: 'a@x.example' },
      ]
      t.match(
        matchContact(ours, [candidate('x', theirs)], rules()),
        { kind: 'other_name', by: 'email' },
        `${one}, ${other}`,
      )
    }
    for (const [one, other] of [
      ['Alpha Pty Ltd', 'Alpha Pty. Limited'],
      ['Alpha Inc.', 'Alpha Incorporated'],
      ['Alpha Co', 'Alpha Company'],
      ['Alpha Corp', 'Alpha Corporation'],
      ['Alpha B.V.', 'Alpha BV'],
      ["O'Brien Parts", 'O’Brien Parts'],
      ['Brown & Sons', 'Brown and Sons'],
    ] as const) {
      const [ours, theirs] = [
        { ...none, name: one, email: 'a@x.example' },
        { name: other, email: 'a@x.example' },
      ]
      t.match(matchContact(ours, [candidate('x', theirs)], rules()), { kind: 'match', by: 'email' }, `${one}, ${other}`)
    }
    t.end()
  },
)

t.test('given a number that fits a branch, when matched, then the contact of the very name is found', async (t) => {
  for (const by of ['taxNumber', 'accountNumber'] as const) {
    const ours = { ...none, name: 'Bunnings', [by]: '51' }
    const branch = candidate('perth', { name: 'Bunnings Perth', [by]: '51' })
    t.same(matchContact(ours, [branch, candidate('own', { name: 'Bunnings' })], rules()), {
      ...{ kind: 'match', remoteId: 'own', by: 'name' },
    })
    t.same(matchContact(ours, [branch], rules()), { kind: 'other_name', by, remoteIds: ['perth'] })
    const twins = [branch, candidate('sydney', { name: 'Bunnings Sydney', [by]: '51' })]
    t.match(matchContact(ours, twins, rules()), { kind: 'ambiguous', by })
    t.same(matchContact(ours, twins, rules(matchFields, { onNumberOnly: 'create' })), { kind: 'none' })
    t.match(matchContact(ours, twins, rules(matchFields, { onNumberOnly: 'match' })), { kind: 'ambiguous' })
  }
})

t.test('given a number of a similar name, when matched, then the contact of the very name is found', async (t) => {
  for (const by of ['accountNumber', 'taxNumber'] as const) {
    const ours = { ...none, [by]: '51', name: 'Ant Co' }
    for (const name of ['Ant Co.', 'ANT COMPANY', 'Ant']) {
      const similar = candidate('similar', { name, [by]: '51' })
      const own = candidate('own', { name: 'ant  co' })
      t.same(matchContact(ours, [similar, own], rules()), { kind: 'match', remoteId: 'own', by: 'name' }, name)
      const archived = { ...own, archived: true }
      t.match(matchContact(ours, [similar, archived], rules()), { kind: 'match', remoteId: 'similar', by })
      const doubtful = { kind: 'namesake', by, remoteIds: ['similar', 'own'] } as const
      t.same(matchContact(ours, [similar, own], rules([by])), doubtful, 'names are no key')
      t.same(matchContact(ours, [similar, { ...own, isTaken: true }], rules()), doubtful, 'it is another record’s')
    }
  }
  const numbered = candidate('numbered', { name: 'Ant Co.', contactNumber: 'C-a' })
  const ours = { ...none, contactNumber: 'C-a', name: 'Ant Co' }
  const own = candidate('own', { name: 'Ant Co' })
  t.match(matchContact(ours, [numbered, own], rules()), { kind: 'match', remoteId: 'numbered', by: 'contactNumber' })
})

t.test('given the very name at another record, when a mailbox is shared, then no contact is taken', async (t) => {
  const ours = { ...none, email: 'ant@example.com', name: 'Ant Co' }
  const own = candidate('own', { name: 'Ant Co', isTaken: true })
  const doubtful = { kind: 'namesake', by: 'email', remoteIds: ['mail', 'own'] } as const
  for (const [name, more] of [
    ['Ant Co.', {}],
    ['Bee', { onEmailOnly: 'match' }],
  ] as const) {
    const mail = candidate('mail', { name, email: 'ant@example.com' })
    t.same(matchContact(ours, [mail, own], rules(matchFields, more)), doubtful, name)
    t.match(matchContact(ours, [mail, own], rules(['email', 'name'], more)), { kind: 'match', by: 'email' })
  }
  const account = candidate('account', { name: 'Bee', accountNumber: 'A1' })
  t.match(
    matchContact({ ...ours, accountNumber: 'A1' }, [account, own], rules(matchFields, { onNumberOnly: 'match' })),
    { kind: 'namesake', by: 'accountNumber' },
  )
  t.same(matchContact(ours, [own], rules()), { kind: 'none' }, 'what is taken is none')
})

t.test('given names that differ by blanks alone, when matched, then the one that is spelled so is found', async (t) => {
  const one = candidate('one', { name: 'Ant Co', spelledName: 'Ant  Co', taxNumber: '51' })
  const two = candidate('two', { name: 'Ant Co', spelledName: 'ANT Co' })
  const ours = { ...none, name: 'Ant Co' }
  t.same(matchContact(ours, [one, two], rules()), { kind: 'match', remoteId: 'two', by: 'name' })
  t.match(matchContact({ ...ours, taxNumber: '51' }, [one, two], rules()), { kind: 'match', remoteId: 'two' })
  t.match(matchContact({ ...ours, taxNumber: '51' }, [one], rules()), { kind: 'match', by: 'taxNumber' })
  const three = { ...two, remoteId: 'three', spelledName: 'Ant   Co' }
  t.match(matchContact(ours, [one, three], rules()), { kind: 'ambiguous', by: 'name', remoteIds: ['one', 'three'] })
})

t.test('given a contact number under another name, when matched, then one more key has to fit', async (t) => {
  const ours = { ...none, contactNumber: 'C-1', name: 'Mine', email: 'm@x.example', taxNumber: '7' }
  const other = { contactNumber: 'C-1', name: 'Someone else' }
  t.same(matchContact(ours, [candidate('x', other)], rules()), {
    ...{ kind: 'other_name', by: 'contactNumber', remoteIds: ['x'] },
  })
  for (const more of [{ name: 'MINE' }, { email: 'M@x.example' }, { taxNumber: '7' }])
    t.match(
      matchContact(ours, [candidate('x', { ...other, ...more })], rules()),
      { kind: 'match' },
      JSON.stringify(more),
    )
  t.match(
    matchContact({ ...ours, taxNumber: 'n/a' }, [candidate('x', { ...other, taxNumber: 'N/A' })], rules()),
    { kind: 'other_name' },
    'a placeholder is no key',
  )
  const named = candidate('own', { name: 'Mine' })
  t.match(matchContact(ours, [candidate('x', other), named], rules()), { kind: 'match', remoteId: 'own' })
})

t.test('given onEmailOnly "create" and several contacts of the mailbox, when matched, then none', async (t) => {
  const same = ['Beta', 'Gamma'].map((name) => candidate(name, { name, email: 'ann@example.com' }))
  t.same(matchContact(record, same, rules(matchFields, { onEmailOnly: 'create' })), { kind: 'none' })
  t.match(matchContact(record, same, rules()), { kind: 'ambiguous', by: 'email' })
})

t.test('given what people type for no number, when matched, then it is no key', async (t) => {
  for (const taxNumber of ['N/A', 'na', '0', '000', 'none', '-', 'TBC']) {
    const other = candidate('x', { name: 'Ann Holdings', taxNumber })
    t.same(matchContact({ ...record, accountNumber: null, taxNumber }, [other], rules(['taxNumber'])), { kind: 'none' })
  }
})

t.test("given another record's name, when matched by a mailbox, then its contact is not taken", async (t) => {
  const contact = [candidate('x', { name: 'Bob', email: record.email })]
  const names = new Set(['bob', 'ann ltd'])
  t.same(matchContact(record, contact, rules(matchFields, { onEmailOnly: 'match' }), names), { kind: 'none' })
})

t.test('given a record, when its keys are taken, then the contact number is the marker of its posting', async (t) => {
  t.same(recordKeys(customer({ email: 'a@b.cd' }), 'vendor', '7'), {
    ...none,
    contactNumber: 'V-7',
    email: 'a@b.cd',
    name: 'Ann Ltd',
  })
})

t.test('given the policies, when both sides changed, then the winner is the promised one', async (t) => {
  const table = (['pending_wins', 'xero_wins', 'product_wins'] as const).map((policy) => [
    policy,
    resolveImport(policy, { hasOpenItem: true }),
    resolveImport(policy, { hasOpenItem: false }),
  ])
  t.same(table, [
    ['pending_wins', 'keep', 'take'],
    ['xero_wins', 'take', 'take'],
    ['product_wins', 'keep', 'keep'],
  ])
})

t.test('given a tax number that is parted otherwise, when matched, then it is the same', async (t) => {
  for (const [own, theirs] of [
    ['GB 123 456', 'GB123456'],
    ['NZ 99-888-777', 'nz99888777'],
    ['DE 12/345.678', 'DE12345678'],
  ] as const) {
    const candidates = [candidate('x', { taxNumber: theirs, name: 'Ann Limited' })]
    const wanted = { ...none, taxNumber: own, name: 'Ann Ltd' }
    t.match(matchContact(wanted, candidates, rules()), { kind: 'match', by: 'taxNumber' }, own)
  }
  const other = [candidate('x', { taxNumber: 'GB 123 457', name: 'Ann Limited' })]
  t.match(matchContact({ ...none, taxNumber: 'GB123456', name: 'Ann Ltd' }, other, rules()), { kind: 'none' })
  const blank = [candidate('x', { taxNumber: ' - ', name: 'Ann Limited' })]
  t.match(matchContact({ ...none, taxNumber: '/', name: 'Ann Ltd' }, blank, rules()), { kind: 'none' })
})

t.test('given names of symbols alone, when compared, then each is its own', async (t) => {
  t.notOk(isAlike('★', '☆'))
  t.notOk(isAlike('★', null))
  t.ok(isAlike(' ★ ', '★'))
  t.ok(isAlike('Ⓐ★', 'ⓐ★'))
})
