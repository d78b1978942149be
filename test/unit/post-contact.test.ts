// What a customer or vendor becomes in Xero, and how deletions look there.
import t from 'tap'
import { contactNumber, postContact } from '../../src/domain/posting/contact.ts'
import { postRemoval } from '../../src/domain/posting/removal.ts'
import { customer, settings } from './support/builders.ts'

t.test(
  'given ids, when contact numbers are made, then they are at most 50 characters and never the same',
  async (t) => {
    t.equal(contactNumber('customer', '7'), 'C-7')
    t.equal(contactNumber('vendor', '7'), 'V-7')
    t.equal(contactNumber('customer', 'x'.repeat(48)), `C-${'x'.repeat(48)}`)
    const long = contactNumber('customer', 'x'.repeat(49))
    t.match(long, /^C-#[0-9a-f]{40}$/)
    t.not(contactNumber('customer', `${'x'.repeat(48)}y`), long)
    t.not(contactNumber('customer', long.slice(2)), long, 'an id that looks like a hash does not take its place')
  },
)

t.test('given a contact that has a number in Xero, when posted, then it keeps it', async (t) => {
  t.match(postContact(customer(), { role: 'vendor', recordId: '7' }, settings(), { existingNumber: 'C-3' }), {
    document: { contactNumber: 'C-3' },
  })
  t.match(postContact(customer(), { role: 'vendor', recordId: '7' }, settings(), { existingNumber: '' }), {
    document: { contactNumber: 'V-7' },
  })
  t.match(postContact(customer(), { role: 'vendor', recordId: '7' }, settings()), {
    document: { contactNumber: 'V-7' },
  })
})

t.test('given a full record, when posted, then its fields stand in neutral words', async (t) => {
  const record = customer({
    email: 'ann@example.com',
    terms: { kind: 'DAYSAFTERBILLDATE', days: 14 },
    salesTaxCode: 'GST',
    active: false,
    phones: [{ kind: 'mobile', number: '+61 400 000 000' }],
  })
  t.match(postContact(record, { role: 'customer', recordId: '7' }, settings()), {
    kind: 'posted',
    document: {
      list: 'contacts',
      name: 'Ann Ltd',
      email: 'ann@example.com',
      terms: { side: 'sales', type: 'DAYSAFTERBILLDATE', days: 14 },
      salesTaxType: 'OUTPUT',
      archived: true,
      phones: [{ kind: 'mobile', number: '+61 400 000 000' }],
      addresses: [],
      contactPersons: undefined,
    },
  })
  t.match(postContact(record, { role: 'vendor', recordId: '7' }, settings()), {
    document: { terms: { side: 'bills' } },
  })
  t.match(postContact(customer(), { role: 'vendor', recordId: '7' }, settings()), {
    document: { archived: false, terms: undefined },
  })
})

t.test('given deletions, when posted, then each takes the form that Xero allows, or stays by setting', async (t) => {
  const keep = settings({ items: { onDelete: 'keep' }, customers: { onDelete: 'keep' } })
  t.match(postRemoval('item', settings(), null), { document: { list: 'items', action: 'delete' } })
  t.match(postRemoval('item', keep, null), { kind: 'excluded' })
  t.match(postRemoval('customer', settings(), null), { document: { list: 'contacts', action: 'archive' } })
  t.match(postRemoval('customer', keep, null), { kind: 'excluded' })
  t.match(postRemoval('vendor', keep, null), { document: { action: 'archive' } }, 'vendors have a setting of their own')
  const invoices: [string | null, object][] = [
    ['DRAFT', { document: { action: 'delete' } }],
    ['SUBMITTED', { document: { action: 'delete' } }],
    ['AUTHORISED', { document: { action: 'void' } }],
    [null, { document: { action: 'void' } }],
    ['PAID', { kind: 'error', error: { code: 'not_modifiable' } }],
    ['VOIDED', { kind: 'excluded' }],
    ['DELETED', { kind: 'excluded' }],
  ]
  for (const [status, expected] of invoices) t.match(postRemoval('invoice', settings(), status), expected, `${status}`)
  t.match(postRemoval('invoice', settings({ invoices: { status: 'DRAFT' } }), null), { document: { action: 'delete' } })
})
