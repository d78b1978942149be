// Which contact in Xero an unlinked record means, and who wins a conflict.
import t from 'tap'
import { resolveImport } from '../../src/domain/conflict.ts'
import { type ContactKeys, type MatchKeys, matchContact, recordKeys } from '../../src/domain/matching.ts'
import { matchFields } from '../../src/domain/settings/contacts.ts'
import { customer } from './support/builders.ts'

const none: MatchKeys = { contactNumber: null, accountNumber: null, taxNumber: null, email: null, name: null }
const candidate = (remoteId: string, keys: Partial<ContactKeys>): ContactKeys => ({
  ...none,
  archived: false,
  remoteId,
  ...keys,
})
const record: MatchKeys = { ...none, accountNumber: 'A1', email: 'ann@example.com', name: 'Ann Ltd' }

t.test('given no candidate that fits, when matched, then none', async (t) => {
  t.same(matchContact(record, [], matchFields), { kind: 'none' })
  t.same(matchContact(record, [candidate('x', { name: 'Bob' })], matchFields), { kind: 'none' })
  t.same(matchContact(none, [candidate('x', {})], matchFields), { kind: 'none' }, 'two absent keys are not equal')
  t.same(matchContact({ ...none, email: ' ' }, [candidate('x', { email: '' })], matchFields), { kind: 'none' })
})

t.test('given candidates by several fields, when matched, then the first field of matchBy decides', async (t) => {
  const candidates = [candidate('byName', { name: 'Ann Ltd' }), candidate('byEmail', { email: 'ann@example.com' })]
  t.same(matchContact(record, candidates, ['email', 'name']), { kind: 'match', remoteId: 'byEmail', by: 'email' })
  t.same(matchContact(record, candidates, ['name', 'email']), { kind: 'match', remoteId: 'byName', by: 'name' })
  t.same(matchContact(record, candidates, ['taxNumber']), { kind: 'none' })
  t.same(matchContact(record, candidates, []), { kind: 'none' })
})

t.test('given other letter case and spaces, when matched, then they do not distinguish', async (t) => {
  const candidates = [candidate('x', { name: ' ANN   ltd ' })]
  t.match(matchContact(record, candidates, ['name']), { kind: 'match', remoteId: 'x' })
  t.match(matchContact({ ...none, name: 'Zoe\u0308' }, [candidate('x', { name: 'ZO\u00cb' })], ['name']), {
    kind: 'match',
  })
})

t.test(
  'given several candidates by one field, when matched, then it is ambiguous and no later field decides',
  async (t) => {
    const same = [
      candidate('a', { email: 'ann@example.com', name: 'Ann Ltd' }),
      candidate('b', { email: 'ann@example.com' }),
    ]
    t.same(matchContact(record, same, ['email', 'name']), { kind: 'ambiguous', by: 'email', remoteIds: ['a', 'b'] })
    t.match(matchContact(record, [same[0]!, same[0]!], ['email']), { kind: 'match' }, 'one contact listed twice is one')
  },
)

t.test(
  'given archived candidates, when matched, then an active one goes before them, whatever its field',
  async (t) => {
    const archived = candidate('old', { accountNumber: 'A1', archived: true })
    const active = candidate('new', { name: 'Ann Ltd' })
    t.same(matchContact(record, [archived, active], matchFields), { kind: 'match', remoteId: 'new', by: 'name' })
    t.same(matchContact(record, [archived], matchFields), {
      kind: 'archived',
      by: 'accountNumber',
      remoteId: 'old',
      remoteIds: ['old'],
    })
  },
)

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
