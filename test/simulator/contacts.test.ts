// Contacts: uniqueness, silent overwriting, archiving, merging, padding.
import t from 'tap'
import { messages, minutes, sale, seconds, somerset, stage } from './support/client.ts'

const zeroId = '00000000-0000-0000-0000-000000000000'
const taken = (name: string) =>
  `The contact name ${name} is already assigned to another contact. The contact name must be unique across all active contacts.`

t.test('given an active name when it is PUT again then it is refused and nothing of the request is kept', async (t) => {
  const { put, simulator } = await stage(t)
  await put('Contacts', { Name: 'Ann' })
  const refused = await put('Contacts', { Contacts: [{ Name: 'Bob' }, { Name: 'ann', ContactPersons: [] }] })
  t.equal(refused.status, 400)
  t.match(refused.json, {
    ErrorNumber: 10,
    Type: 'ValidationException',
    Message: 'A validation exception occurred',
    Elements: [
      { ContactID: zeroId, Name: 'ann', HasValidationErrors: true, ValidationErrors: [{ Message: taken('ann') }] },
    ],
  })
  t.notOk('StatusAttributeString' in refused.json.Elements[0])
  t.equal(simulator.control.read(somerset, 'Contacts').length, 1)
})

t.test('given summarizeErrors=false when one element is bad then the others are saved', async (t) => {
  const { put, simulator } = await stage(t)
  const mixed = await put('Contacts?summarizeErrors=false', {
    Contacts: [{ Name: 'Ann' }, { Name: 'ANN' }, { Name: 'Bob' }],
  })
  t.equal(mixed.status, 200)
  t.match(mixed.json.Contacts, [
    { Name: 'Ann', StatusAttributeString: 'OK', HasValidationErrors: false },
    { ContactID: zeroId, StatusAttributeString: 'ERROR', ValidationErrors: [{ Message: taken('ANN') }] },
    { Name: 'Bob', StatusAttributeString: 'OK' },
  ])
  t.equal(simulator.control.read(somerset, 'Contacts').length, 2)
})

t.test('given a name or number in use when it is POSTed then the contact is silently overwritten', async (t) => {
  const { put, post, simulator } = await stage(t)
  const [ann] = (await put('Contacts', { Name: 'Ann', ContactNumber: 'C-1', EmailAddress: 'ann@example.com' })).json
    .Contacts
  const [byName] = (await post('Contacts', { Name: 'ANN', EmailAddress: 'new@example.com' })).json.Contacts
  t.equal(byName.ContactID, ann.ContactID)
  t.equal(byName.ContactNumber, 'C-1', 'what is not sent stays')
  const [byNumber] = (await post('Contacts', { ContactNumber: 'C-1', Name: 'Ann Other' })).json.Contacts
  t.equal(byNumber.ContactID, ann.ContactID)
  t.equal(simulator.control.read(somerset, 'Contacts').length, 1)
  const unknown = await post('Contacts', [{ Name: 'New' }, { ContactID: '11111111-1111-1111-1111-111111111111' }])
  t.equal(unknown.status, 404, 'an unknown id fails the whole request')
  t.equal(simulator.control.read(somerset, 'Contacts').length, 1)
})

t.test('given limits and formats when they are broken then each has its message', async (t) => {
  const { put } = await stage(t)
  await put('Contacts', { Name: 'Taken', ContactNumber: 'N-1', AccountNumber: 'A-1' })
  const refusal = async (fields: Record<string, unknown>) => messages(await put('Contacts', { Name: 'X', ...fields }))
  t.match(await refusal({ Name: '' }), [/Name must be specified/])
  t.match(await refusal({ Name: 'x'.repeat(256) }), [/255/])
  t.match(await refusal({ Name: 'a<b' }), [/angle brackets/])
  t.match(await refusal({ ContactNumber: 'N-1' }), [/Another contact has this contact number/])
  t.match(await refusal({ AccountNumber: 'A-1' }), [/The Account Number already exists/])
  t.match(await refusal({ ContactNumber: 'x'.repeat(51) }), [/50/])
  t.match(await refusal({ EmailAddress: 'nobody' }), ['Email address must be valid.'])
  t.match(await refusal({ DefaultCurrency: 'EUR' }), ['Organisation is not subscribed to currency EUR'])
  t.match(await refusal({ ContactPersons: Array(6).fill({ FirstName: 'P' }) }), [/maximum of 5 contact persons/])
  t.match(await refusal({ Addresses: [{ AddressType: 'STREET', AddressLine1: 'x'.repeat(501) }] }), [/500/])
  t.match(await refusal({ PaymentTerms: { Sales: { Day: 5, Type: 'SOMETIME' } } }), [/SOMETIME/])
})

t.test(
  'given a contact when it is written and read then writes pad addresses and phones and reads do not',
  async (t) => {
    const { put, get } = await stage(t)
    const [written] = (
      await put('Contacts', {
        Name: '  Ann   Other ',
        IsCustomer: true,
        Phones: [{ PhoneType: 'MOBILE', PhoneNumber: '1' }],
      })
    ).json.Contacts
    t.equal(written.Name, 'Ann Other')
    t.equal(written.Addresses.length, 2)
    t.match(written.Addresses[0], { AddressType: 'STREET', City: '', Region: '', PostalCode: '', Country: '' })
    t.equal(written.Phones.length, 4)
    t.match(written.Phones[3], { PhoneType: 'MOBILE', PhoneNumber: '1', PhoneAreaCode: '' })
    t.equal(written.IsCustomer, false, 'accepted and ignored')
    const [read] = (await get(`Contacts/${written.ContactID}`)).json.Contacts
    t.same(read.Addresses, [{ AddressType: 'STREET' }, { AddressType: 'POBOX' }])
  },
)

t.test('given no e-mail address of the main person when persons are sent then they are refused', async (t) => {
  const { put, post, simulator } = await stage(t)
  const ContactPersons = [{ FirstName: 'P' }]
  const refused = async (fields: object) => messages(await put('Contacts', { Name: 'Ann', ContactPersons, ...fields }))
  t.same(await refused({}), ['Additional people cannot be added when primary person has not been set.'])
  const without = ['Additional people cannot be added when the primary person has no email address set.']
  t.same(await refused({ FirstName: 'Ann', LastName: 'Lee' }), without)
  // People and imports leave contacts so.
  const { ContactID } = simulator.control.createContact(somerset, { Name: 'Old', FirstName: 'O', ContactPersons })
  const sent = (fields: object) => post(`Contacts/${ContactID}`, fields)
  t.same(messages(await sent({ ContactPersons: [{ FirstName: 'Q' }] })), without)
  t.equal((await sent({ TaxNumber: '1' })).status, 200, 'an update without them leaves them as they are')
  t.same((await sent({ EmailAddress: 'o@x.example', ContactPersons: [{ FirstName: 'Q' }] })).status, 200)
  t.equal((await sent({ EmailAddress: '', ContactPersons: [] })).status, 200, 'nobody is added')
})

t.test(
  'given persons and addresses when an update is sent then persons are replaced and addresses merged by type',
  async (t) => {
    const { put, post, get } = await stage(t)
    const [{ ContactID }] = (
      await put('Contacts', {
        Name: 'Ann',
        EmailAddress: 'ann@x.example',
        ContactPersons: [{ FirstName: 'A' }, { FirstName: 'B' }],
        Addresses: [{ AddressType: 'STREET', City: 'Bath', Region: 'Avon' }],
      })
    ).json.Contacts
    await post(`Contacts/${ContactID}`, {
      ContactPersons: [{ FirstName: 'C', IncludeInEmails: true }],
      Addresses: [{ AddressType: 'STREET', City: 'Wells' }],
    })
    const [read] = (await get(`Contacts/${ContactID}`)).json.Contacts
    t.same(read.ContactPersons, [{ FirstName: 'C', IncludeInEmails: true }])
    t.same(read.Addresses[0], { AddressType: 'STREET', City: 'Wells', Region: 'Avon' })
  },
)

t.test('given an archived contact when it is used then neither edits nor documents are taken', async (t) => {
  const { put, post, get } = await stage(t)
  const [{ ContactID, Contact }] = (await put('Invoices', sale({ Contact: { Name: 'Ann', ContactNumber: 'C-1' } })))
    .json.Invoices
  t.notOk(ContactID)
  const id = Contact.ContactID
  const archived = await post('Contacts', { ContactID: id, ContactStatus: 'ARCHIVED' })
  t.equal(archived.json.Contacts[0].ContactStatus, 'ARCHIVED', 'even with authorised documents')
  for (const element of [
    { ContactID: id, ContactStatus: 'ACTIVE' },
    { ContactNumber: 'C-1', Name: 'Again' },
  ])
    t.match(messages(await post('Contacts', element)), [
      /matched an archived contact\. Archived contacts cannot currently be edited via the API\./,
    ])
  t.match(messages(await put('Invoices', sale({ Contact: { ContactID: id } }))), [/archived/])
  t.equal((await put('Contacts', { Name: 'Ann' })).status, 200, 'the name is free again')
  t.equal((await get('Contacts/C-1')).json.Contacts[0].ContactID, id, 'by number even when archived')
})

t.test('given documents when they name a contact then flags follow and UpdatedDateUTC stays', async (t) => {
  const { put, get, clock } = await stage(t)
  const [ann] = (await put('Contacts', { Name: 'Ann' })).json.Contacts
  clock.advance(minutes(1))
  await put('Invoices', sale({ Contact: { ContactID: ann.ContactID } }))
  const [after] = (await get(`Contacts/${ann.ContactID}`)).json.Contacts
  t.equal(after.IsCustomer, true)
  t.equal(after.IsSupplier, false)
  t.equal(after.UpdatedDateUTC, ann.UpdatedDateUTC)
  t.equal(after.Balances.AccountsReceivable.Outstanding, 110)
  await put('Invoices', sale({ Contact: { ContactID: ann.ContactID, EmailAddress: 'changed@example.com' } }))
  const [changed] = (await get(`Contacts/${ann.ContactID}`)).json.Contacts
  t.equal(changed.EmailAddress, 'changed@example.com', 'more than the id updates the contact')
  t.not(changed.UpdatedDateUTC, ann.UpdatedDateUTC)
})

t.test(
  'given two contacts when a person merges them then the loser is archived and points to the winner',
  async (t) => {
    const { put, get, simulator, clock } = await stage(t)
    const [lost] = (await put('Invoices', sale({ Contact: { Name: 'Lost' } }))).json.Invoices
    const [kept] = (await put('Contacts', { Name: 'Kept' })).json.Contacts
    clock.advance(seconds(5))
    simulator.control.mergeContacts(somerset, 'Lost', 'Kept')
    const [loser] = (await get(`Contacts/${lost.Contact.ContactID}`)).json.Contacts
    t.match(loser, { ContactStatus: 'ARCHIVED', MergedToContactID: kept.ContactID })
    t.equal((await get(`Invoices/${lost.InvoiceID}`)).json.Invoices[0].Contact.ContactID, kept.ContactID)
    const unpaged = (await get('Contacts?includeArchived=true')).json.Contacts
    t.notOk(
      unpaged.some((one: object) => 'MergedToContactID' in one),
      'only on pages and single reads',
    )
  },
)
