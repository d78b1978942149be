// The judgement of a write, part by part: what nobody held, what is emptied, and whose edit is lost under which settings.
import t from 'tap'
import type { RemoteRef } from '../../src/domain/found-document.ts'
import type { PostedContact, PostedInvoice } from '../../src/domain/posting/posted.ts'
import type { ConflictPolicy } from '../../src/domain/settings/common.ts'
import { withParts } from './parts.ts'
import type { Stored } from './xero/organisation.ts'
import { trail } from './xero/trail.ts'
import { isLeft, saidIn, valuesOfBody } from './xero/values.ts'

const record = 'customer:c1'
const city = 'addresses/billing/city'
const region = 'addresses/billing/region'
const line = 'addresses/billing/line 1'

interface Case {
  readonly policy?: ConflictPolicy
  /** The record learns nothing. */
  readonly isOff?: boolean
  /** What stands there before the first write. */
  readonly before?: Record<string, string>
  /** What the product says first, and then; what a person sets between both, whether anybody saw it, and what is written. */
  readonly said: Record<string, string>
  readonly next?: Record<string, string>
  readonly person: Record<string, string>
  readonly isUnseen?: boolean
  /** The answer to the first write was heard. */
  readonly isHeard?: boolean
  /** An edit of the person before that one. */
  readonly between?: Record<string, string>
  readonly isBetweenSeen?: boolean
  /** The product's change comes before the person's. */
  readonly isLast?: boolean
  /** The record went back to what the product had said of it, unlinked by hand or for no reason. */
  readonly isUnlinked?: 'by hand' | 'unnoticed'
  readonly written: Record<string, string>
}

function judged({
  policy = 'pending_wins',
  isOff = false,
  before,
  said,
  next = said,
  person,
  isUnseen,
  isHeard,
  between,
  isBetweenSeen,
  isLast,
  isUnlinked,
  written,
}: Case): string {
  let now = 0
  const found: string[] = []
  const steps = trail(
    () => ++now,
    (what) => found.push(what.slice(0, 3)),
    () => undefined,
  )
  const contact = (parts: Record<string, string>): Stored => {
    const bare: PostedContact = {
      list: 'contacts',
      contactNumber: '',
      name: 'One',
      phones: [],
      addresses: [],
      archived: false,
    }
    return {
      id: 'x',
      posted: withParts(bare, parts),
      status: 'ACTIVE',
      number: null,
      updatedAt: now,
      lineIds: {},
      byApp: true,
    }
  }
  const body = (parts: Record<string, string>) => valuesOfBody(withParts({ name: 'One' }, parts))
  const write = (parts: Record<string, string>) =>
    steps.write({ organisationId: 'o', record, intentAt: ++now }, () => steps.stood(contact(parts)))
  steps.watch('o', policy, isOff ? ['customer'] : [])
  if (before) steps.stood(contact(before))
  steps.handedOver(record, body(said), null)
  write(said)
  if (isHeard) steps.heard([{ kind: 'written', remote: { remoteId: 'x' } as RemoteRef, warnings: [] }])
  if (isLast) steps.handedOver(record, body(next), body(said))
  if (between) steps.stood(contact({ ...said, ...between }))
  // Twice: a list that was read once may be lost with the process that read it.
  if (between && isBetweenSeen) for (let n = 0; n < 2; n += 1) steps.shown([contact({ ...said, ...between })])
  const byPerson = { ...said, ...person }
  steps.stood(contact(byPerson))
  if (!isUnseen) steps.shown([contact(byPerson)])
  if (isUnlinked === 'by hand') steps.unlinked(record)
  const held = isOff || isUnlinked ? said : byPerson
  if (!isLast) steps.handedOver(record, body(next), body(held), policy === 'product_wins')
  write({ ...byPerson, ...written })
  return found.join(' ')
}

const policies = ['pending_wins', 'xero_wins', 'product_wins'] as const

t.test('given parts of an address, then each is judged for itself', async (t) => {
  for (const policy of policies) {
    t.equal(judged({ policy, said: { [city]: 'A' }, person: { [region]: 'R' }, written: { [city]: 'A' } }), '')
    const emptied = { policy, said: { [city]: 'A' }, person: { [region]: 'R' }, written: { [region]: '' } }
    t.equal(judged(emptied), 'I16 I17', 'a part that the product never said')
    t.equal(judged({ ...emptied, isUnseen: true }), '', 'an address is written whole, as it was last seen')
    const invented = { policy, said: { [city]: 'A' }, person: {}, written: { [city]: 'Z' } }
    t.equal(judged(invented), 'I15')
    const takenAway = { policy, said: { [city]: 'A', [region]: 'R' }, next: { [city]: 'A' }, person: {} }
    t.equal(judged({ ...takenAway, written: { [region]: '' } }), '', 'a part that it takes away')
  }
})

t.test('given both sides changed a part, then the settings say whose stands', async (t) => {
  const both = { said: { [line]: 'A' }, next: { [line]: 'C' }, person: { [line]: 'B' }, written: { [line]: 'C' } }
  t.equal(judged({ ...both, policy: 'pending_wins' }), '')
  t.equal(judged({ ...both, policy: 'product_wins' }), '')
  const said = { ...both, next: { [line]: 'A' }, written: { [line]: 'A' } }
  t.equal(judged({ ...said, policy: 'pending_wins' }), 'I17', 'what it says once more is no change of its own')
  t.equal(judged({ ...said, policy: 'product_wins' }), '', 'it wins with what it says')
})

t.test(
  'given a record that was unlinked, then what the product says otherwise since is a change of its own',
  async (t) => {
    const apart = { policy: 'xero_wins', said: { [line]: 'A' }, person: { [line]: 'B' } } as const
    const changed = { ...apart, next: { [line]: 'C' }, written: { [line]: 'C' } }
    t.equal(judged({ ...changed, isUnlinked: 'by hand' }), '')
    t.equal(judged({ ...changed, isUnlinked: 'unnoticed' }), 'I17')
    t.equal(
      judged({ ...apart, next: apart.said, written: { [line]: 'A' }, isUnlinked: 'by hand' }),
      'I17',
      'said once more',
    )
  },
)

t.test('given a value that the product takes back, then what stood before goes over what nobody saw', async (t) => {
  const back = { before: { website: 'X' }, said: { website: 'A' }, next: {}, isLast: true, person: { website: 'B' } }
  t.equal(judged({ ...back, isUnseen: true, written: { website: 'X' } }), '')
  t.equal(judged({ ...back, written: { website: 'X' } }), 'I17', 'an edit that was seen')
  const said = { ...back, next: back.said }
  t.equal(judged({ ...said, isUnseen: true, written: { website: 'X' } }), 'I17', 'nothing was taken back')
})

t.test('given the product wins and learns nothing, then it wins only where it says something', async (t) => {
  // Said once and taken away since: an old value that it no longer says.
  const old = {
    said: { [city]: 'A', [region]: 'R' },
    next: { [region]: 'R' },
    person: { [city]: 'B' },
    written: { [city]: 'A' },
  }
  t.equal(judged({ ...old, policy: 'product_wins', isOff: true }), 'I17')
  t.equal(judged({ ...old, next: old.said, policy: 'product_wins', isOff: true }), '')
})

t.test(
  'given a person with a mailbox that somebody entered, when the product takes the person away, then both go',
  async (t) => {
    const [pia, mail] = ['contactPersons/Pia Person', 'contactPersons/Pia Person/email']
    const away = { said: { [pia]: 'Pia' }, next: {}, person: { [mail]: 'pia@x.example' }, written: { [pia]: '' } }
    for (const policy of policies) t.equal(judged({ ...away, policy }), '', policy)
    const alone = { ...away, next: away.said, written: { [mail]: '' } }
    for (const policy of policies) t.equal(judged({ ...alone, policy }), 'I16 I17', `the mailbox alone, ${policy}`)
  },
)

t.test('given a value that a person sets and takes back, then it is an edit where it was seen between', async (t) => {
  const back = {
    said: { [city]: 'A' },
    next: { [city]: 'C' },
    person: { [city]: 'A' },
    written: { [city]: 'C' },
    isLast: true,
    isOff: true,
  }
  const between = { [city]: 'B' }
  t.equal(judged({ ...back, between, policy: 'xero_wins' }), '')
  t.equal(judged({ ...back, between, isBetweenSeen: true, policy: 'xero_wins' }), 'I17')
})

t.test('given a value that a person empties, then it is an edit where somebody knew that it stood there', async (t) => {
  const away = {
    said: { [city]: 'A' },
    next: { [city]: 'A', [region]: 'R' },
    person: { [city]: '' },
    written: { [city]: 'A' },
  }
  for (const policy of policies) t.equal(judged({ ...away, policy, between: { [city]: 'B' } }), '', policy)
  t.equal(judged({ ...away, policy: 'xero_wins', between: { [city]: 'B' }, isBetweenSeen: true }), 'I17')
  t.equal(judged({ ...away, policy: 'xero_wins', between: { [city]: 'B' }, isHeard: true }), 'I17')
})

t.test('given lines that a person edited, then what that person changed has to stay', async (t) => {
  const lines = (...all: string[][]) => JSON.stringify(all)
  const [ours, edited] = [lines(['Bell', '1', '9.5']), lines(['Bell', '1', '78'])]
  t.ok(isLeft(ours, edited, lines(['Brass bell', '1', '78'])), 'another text beside the price of the person')
  t.notOk(isLeft(ours, edited, lines(['Brass bell', '1', '9.5'])), 'the price')
  t.notOk(isLeft(ours, edited, lines(['Bell', '1', '78'], ['Horn', '1', '5'])), 'a line of ours besides')
  t.notOk(isLeft(ours, lines(['Bell', '1', '9.5'], ['Horn', '1', '5']), ours), 'a line of the person')
  t.notOk(
    isLeft(lines(['Bell', '1', '9.5'], ['Horn', '1', '5']), ours, ours.replace('Bell', 'Horn')),
    'a line taken away',
  )
})

t.test(
  'given a document, then each part that is written stood there or was said, and no edit is emptied',
  async (t) => {
    const ours = { description: 'Bell', quantity: '1', unitAmount: '9.5', tracking: [] }
    const invoice = (more: { reference?: string; lines?: object[] }, byApp = true): Stored => ({
      id: 'x',
      posted: {
        list: 'invoices',
        kind: 'sale',
        contactRemoteId: 'c',
        date: '2026-11-01',
        status: 'AUTHORISED',
        lines: [ours],
        ...more,
      } as PostedInvoice,
      status: 'AUTHORISED',
      number: 'I-1',
      updatedAt: 1,
      lineIds: {},
      byApp,
    })
    function found(edited: object, written: object, isAccepted = false): string {
      let now = 0
      const all: string[] = []
      const steps = trail(
        () => ++now,
        (what) => all.push(what.slice(0, 3)),
        () => undefined,
      )
      const write = (more: object) =>
        steps.write({ organisationId: 'o', record: 'invoice:i1', intentAt: ++now }, () => steps.stood(invoice(more)))
      steps.said('o', saidIn({ date: '2026-11-01', lines: [{ description: 'Bell', quantity: 1, unitPrice: '9.50' }] }))
      steps.said('o', saidIn({ code: 'B-1', salePrice: '4' }))
      write({})
      steps.stood(invoice(edited, false))
      steps.shown([invoice(edited, false)])
      if (isAccepted) steps.accepted('x')
      write(written)
      return all.join(' ')
    }
    t.equal(found({}, { lines: [{ ...ours, unitAmount: '4.00' }] }), '', 'a price that was said')
    t.equal(found({}, { lines: [{ ...ours, description: 'B-1 Bell' }] }), '', 'a text with the code of its item')
    t.equal(found({}, { lines: [{ ...ours, unitAmount: '5' }] }), 'I15', 'a price that nobody said')
    t.equal(found({}, { reference: 'Other' }), 'I15')
    t.equal(found({ reference: 'By hand' }, { reference: 'By hand' }), '')
    t.equal(found({ reference: 'By hand' }, {}), 'I16')
    t.equal(found({ reference: 'By hand' }, {}, true), '', 'a person let it be written over')
  },
)
