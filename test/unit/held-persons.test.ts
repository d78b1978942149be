// Persons of a contact are sent beside a main person with an e-mail address, which the record says or Xero has.
import t from 'tap'
import { agreeingWithoutPersons, hasHeldPersons, holdsPersons } from '../../src/domain/posting/held-persons.ts'
import type { PostedContact } from '../../src/domain/posting/posted.ts'

const pia = { firstName: 'Pia' }
const max = { firstName: 'Max' }
const document = (more: Partial<PostedContact>): PostedContact => ({
  ...{ list: 'contacts', contactNumber: 'C-c', name: 'One', phones: [], addresses: [], archived: false },
  ...more,
})

t.test('given persons, then they are held only where the contact is known to have no e-mail address', async (t) => {
  const said = document({ contactPersons: [pia] })
  t.equal(holdsPersons(said, {}), true, 'neither side has one')
  t.equal(holdsPersons(said, { email: 'x@x.example' }), false, 'Xero has one, of which the record says nothing')
  t.equal(holdsPersons({ ...said, email: '' }, { email: 'x@x.example' }), true, 'taken away by this write')
  t.equal(holdsPersons({ ...said, email: 'x@x.example' }, {}), false, 'sent with it')
  t.equal(holdsPersons(said, null), false, 'not known')
  t.equal(holdsPersons(document({ contactPersons: [] }), {}), false, 'nobody is added')
  t.equal(holdsPersons(document({}), {}), false)
})

t.test('given persons that are held, then only what stands in Xero, or was agreed on, is agreed on', async (t) => {
  const fields = { name: 'One', 'contactPersons/pia': pia, 'contactPersons/max': max }
  const agreed = { 'contactPersons/ida': { firstName: 'Ida' }, email: 'old@x.example' }
  const after = agreeingWithoutPersons(fields, { agreed, theirs: { 'contactPersons/max': max } })
  t.strictSame(after, { 'contactPersons/ida': { firstName: 'Ida' }, name: 'One', 'contactPersons/max': max })
  t.equal(hasHeldPersons(fields, after), true)
  t.equal(hasHeldPersons(after, after), false)
})
