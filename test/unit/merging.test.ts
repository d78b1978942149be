// Two editors of one thing: whose value of a field stands, and what both know from then on.
import t from 'tap'
import { fieldsOf, mergeFirst, mergeHandover, mergeTheirs, ownFields } from '../../src/domain/merging.ts'

const theirs = { name: 'Item', description: 'By hand' }

for (const [policy, stands] of [
  ['pending_wins', 'Ours'],
  ['xero_wins', 'By hand'],
  ['product_wins', 'Ours'],
] as const) {
  t.test(`given a field that both sides changed, when ${policy}, then it is "${stands}"`, async (t) => {
    const ours = { name: 'Item', description: 'Ours' }
    const changed = ['description']
    const merge = mergeTheirs({ ours, agreed: { name: 'Item' }, theirs, changed, policy, isOurs: () => true })
    t.equal(merge.fields.description, stands)
    t.strictSame(merge.kept, stands === 'Ours' ? ['description'] : [])
  })
}

t.test(
  'given a field of ours that stood over theirs, when the product takes it away unsent, then so it is there',
  async (t) => {
    const ours = { name: 'Item', description: 'Ours' }
    const input = { ours, agreed: { name: 'Item' }, theirs, changed: ['description'], policy: 'pending_wins' } as const
    const { agreed } = mergeTheirs({ ...input, isOurs: () => true })
    const record = { origin: 'product', body: { id: 'i1', name: 'Item' }, handed: fieldsOf({ name: 'Item' }) }
    t.strictSame([...ownFields(record, agreed).removed], ['description'])
  },
)

t.test(
  'given a record without an agreement and without a change, when a person edits an entry, then the edit is taken whole',
  async (t) => {
    const ours = { 'addresses/billing': { kind: 'billing', lines: ['1 Street'], city: 'Perth' } }
    const moved = { 'addresses/billing': { kind: 'billing', lines: ['2 Street'], city: 'Bath' } }
    const input = { ours, agreed: {}, theirs: moved, changed: ['addresses/billing'], policy: 'pending_wins' } as const
    const merge = mergeTheirs({ ...input, isOurs: () => false })
    t.strictSame(merge.fields, moved)
    t.strictSame(merge.kept, [])
  },
)

t.test('given what is merged, then it stays as it was: what was handed over is kept beside the record', async (t) => {
  const ours = Object.freeze({ name: 'Ann', taxNumber: '1' })
  const there = Object.freeze({ name: 'Ann', email: 'ann@books.example', website: 'https://books.example' })
  for (const policy of ['pending_wins', 'xero_wins', 'product_wins'] as const) {
    const { fields, agreed } = mergeFirst(ours, there, policy)
    t.equal(fields.email, 'ann@books.example')
    const handed = mergeHandover(ours, Object.freeze(fields), Object.freeze({ ...ours, taxNumber: '2' }), { policy })
    t.match(handed, { email: 'ann@books.example', taxNumber: '2' })
    const sides = { ours: Object.freeze(handed), agreed: Object.freeze(agreed), theirs: there }
    t.same(mergeTheirs({ ...sides, changed: ['email'], policy, isOurs: () => false }).kept, [])
  }
})

t.test(
  'given a mailbox taken away by a call without an answer, when a person enters another, then it stays',
  async (t) => {
    for (const policy of ['pending_wins', 'xero_wins', 'product_wins'] as const) {
      const sides = { ours: { name: 'Ann' }, agreed: { name: 'Ann', email: 'a@x.example' }, changed: ['email'], policy }
      const theirs = { name: 'Ann', email: 'b@x.example' }
      const { fields } = mergeTheirs({ ...sides, theirs, sent: { name: 'Ann' }, isOurs: () => true })
      t.equal(fields.email, 'b@x.example', policy)
    }
  },
)

t.test('given an address that a call without an answer sent, then each part has the newer word', async (t) => {
  const billing = (more: object) => ({ 'addresses/billing': { kind: 'billing', lines: [], ...more } })
  const agreed = billing({ postalCode: '1' })
  const sent = billing({ postalCode: '1', region: 'Avon', city: 'Bath' })
  const ours = billing({ postalCode: '1', region: 'Avon', city: 'York' })
  const theirs = billing({ postalCode: '1', region: 'Kent', city: 'Bath' })
  const sides = { ours, agreed, theirs, sent, changed: ['addresses/billing'], isOurs: () => true }
  for (const policy of ['pending_wins', 'xero_wins'] as const) {
    const { fields, agreed: base } = mergeTheirs({ ...sides, policy })
    t.match(
      fields,
      billing({ region: 'Kent', city: 'York' }),
      `${policy}: a person changed the region after the call, we the city`,
    )
    t.match(base, billing({ region: 'Kent', city: 'Bath' }), 'what the call sent stands there')
  }
  const streets = {
    ours: { lines: ['2 High St'] },
    sent: { lines: ['1 High St'] },
    theirs: { lines: ['1 High St'], region: 'Kent' },
  }
  const { ours: own, sent: before, theirs: there } = streets
  const { fields } = mergeTheirs({
    ...sides,
    ours: billing(own),
    sent: billing(before),
    theirs: billing(there),
    policy: 'xero_wins',
  })
  t.match(fields, billing({ lines: ['2 High St'], region: 'Kent' }), 'a street is a part like any other')
})

t.test(
  'given a street taken away by a call without an answer, when a person enters another, then it stays',
  async (t) => {
    const billing = (more: object) => ({ 'addresses/billing': { kind: 'billing', ...more } })
    const agreed = billing({ lines: ['Old Road'], city: 'Bath' })
    const theirs = billing({ lines: ['New Road'], city: 'York' })
    const ours = billing({ lines: [], country: 'Wales' })
    const changed = ['addresses/billing']
    for (const policy of ['pending_wins', 'xero_wins', 'product_wins'] as const) {
      const sides = { ours, agreed, theirs, changed, policy, isOurs: () => true }
      const { fields } = mergeTheirs({ ...sides, sent: {} })
      t.same(fields, billing({ lines: ['New Road'], city: 'York', country: 'Wales' }), policy)
    }
    const { fields } = mergeTheirs({ ours, agreed, theirs, changed, policy: 'product_wins', isOurs: () => true })
    t.same(
      fields,
      billing({ lines: [], country: 'Wales' }),
      'without such a call the product wins with what it takes away',
    )
  },
)
