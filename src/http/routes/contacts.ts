// Contacts that an import found and that have no role yet. A link adopts one under an id of the product.
import { type Static, Type } from 'typebox'
import type { Services } from '../../services/contract.ts'
import type { App } from '../app-types.ts'
import { listOf } from '../paging.ts'
import { instant, listParameters, nullable, pageOf, queryOf } from '../schemas/lists.ts'
import { ConnectionPath } from '../schemas/parameters.ts'

export const UnassignedContact = Type.Object(
  {
    xeroId: Type.String({ description: 'Id in Xero; pass it to linkCustomer or linkVendor.' }),
    name: Type.String({ description: 'Name in Xero.' }),
    contactNumber: nullable(Type.String(), 'Contact number in Xero.'),
    email: nullable(Type.String(), 'E-mail address.'),
    archived: Type.Boolean({ description: 'Archived in Xero.' }),
    updatedAt: nullable(instant('UTC.'), 'Last change in Xero.'),
  },
  { description: 'A contact of Xero that is neither customer nor vendor here.' },
)
export type UnassignedContact = Static<typeof UnassignedContact>

const unassignedQuery = queryOf({
  ...listParameters,
  search: Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 100,
      description: 'Part of the name or of the e-mail address, in any letter case.',
    }),
  ),
})

export function contactRoutes(app: App, { contacts }: Services): void {
  app.get(
    '/v1/connections/:connectionId/unassigned-contacts',
    {
      schema: {
        operationId: 'listUnassignedContacts',
        summary: 'List contacts without a role',
        description:
          'Contacts that Xero knows and that are neither customer nor vendor yet. Adopt one with linkCustomer or linkVendor.',
        tags: ['Contacts'],
        params: ConnectionPath,
        querystring: unassignedQuery,
        response: { 200: pageOf(UnassignedContact, 'contacts') },
      },
    },
    (request, reply) => {
      const { companyId, params, query } = request
      const filter = { search: query.search ?? null }
      return listOf(request, reply, filter, (page) => contacts.unassigned(companyId, params.connectionId, filter, page))
    },
  )
}
