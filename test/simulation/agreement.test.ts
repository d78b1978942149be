// The check of what both sides say at the end, on fields of one contact: which ones another record explains, and which were lost.
import t from 'tap'
import type { PostedContact } from '../../src/domain/posting/posted.ts'
import { disagreement } from './agreement.ts'
import type { Organisation, Stored } from './xero/organisation.ts'
import { trail } from './xero/trail.ts'
import { valuesOfBody } from './xero/values.ts'

const posted = (more: Partial<PostedContact>): PostedContact => ({
  ...{ list: 'contacts', contactNumber: 'C-c1', name: 'One', phones: [], addresses: [], archived: false },
  ...more,
})
const stored = (more: Partial<PostedContact>, id = 'x1'): Stored => ({
  ...{ id, posted: posted(more), status: 'ACTIVE', number: null, updatedAt: 0, lineIds: {}, byApp: true },
})
const customer = 'customer:c1'
const vendor = 'vendor:v1'
const own = { name: 'One', email: 'own@example.com' }

/** A customer's contact that is a vendor as well; the customer says an e-mail, and the contact has another one, or none. */
function judged(email: string | undefined, before: (steps: ReturnType<typeof trail>) => void, more: object = {}) {
  let now = 0
  const steps = trail(
    () => ++now,
    () => undefined,
    () => undefined,
  )
  steps.handedOver(customer, valuesOfBody(own), null)
  before(steps)
  const there = stored(email === undefined ? {} : { email })
  const context = { trail: steps, organisation: {} as Organisation, reach: () => undefined, others: [vendor], ...more }
  const wanted = { type: 'customer', id: 'c1', body: { id: 'c1', ...own }, deleted: false } as const
  // The record has learned what stands there: both sides agree.
  return disagreement(context, wanted, { name: 'One', ...(email !== undefined && { email }) }, there)
}

const says = (email: string | undefined) => (steps: ReturnType<typeof trail>) => {
  steps.handedOver(vendor, valuesOfBody({ name: 'One', email: 'first@example.com' }), null)
  const held = valuesOfBody({ name: 'One', email: 'first@example.com' })
  steps.handedOver(vendor, valuesOfBody({ name: 'One', ...(email !== undefined && { email }) }), held)
}
const nothing = () => undefined

t.test('given a field of a shared contact, then only what another one said, or took away, is no loss', async (t) => {
  t.equal(judged('theirs@example.com', says('theirs@example.com')), null, 'the vendor says so')
  t.match(judged('stale@example.com', says('theirs@example.com')), /^I3: email is "stale@example.com"/)
  t.equal(judged(undefined, says(undefined)), null, 'the vendor took it away')
  t.match(judged(undefined, says('theirs@example.com')), /^I3: email is ""/, 'nobody took it away')
  t.match(judged(undefined, nothing), /^I3: email is ""/, 'the vendor never said any')
  const byHand = (steps: ReturnType<typeof trail>) => steps.stood(stored({ email: 'person@example.com' }))
  t.equal(judged('person@example.com', byHand), null, 'a person set it')
})

t.test(
  'given a merge, then what the lost contact had may be gone, and what the product says since may not',
  async (t) => {
    t.equal(judged(undefined, nothing, { movedAt: 50 }), null)
    const later = (steps: ReturnType<typeof trail>) =>
      steps.handedOver(customer, valuesOfBody(own), valuesOfBody({ name: 'One', email: 'former@example.com' }))
    t.match(judged(undefined, later, { movedAt: 0 }), /^I3: email is ""/)
  },
)

t.test('given persons that differ, then only those of a contact without an e-mail address wait', async (t) => {
  const contactPersons = [{ firstName: 'Pia', lastName: 'Person' }]
  const reached: string[] = []
  const judge = (email: string) => {
    const steps = trail(
      () => 1,
      () => undefined,
      () => undefined,
    )
    const body = { id: 'c1', name: 'One', email, contactPersons }
    const wanted = { type: 'customer', id: 'c1', body, deleted: false } as const
    const reach = (what: string) => void reached.push(what)
    return disagreement({ trail: steps, organisation: {} as Organisation, reach }, wanted, body, stored({ email }))
  }
  t.match(judge('own@example.com'), /^I18: .*contactPersons/)
  t.strictSame([judge(''), reached], [null, ['persons waited for a main person']])
})
