// Reference lists, read from Xero: what settings choose from. The same two routes for every list; the organisation is one
// object instead of a list.
import { type TSchema, Type } from 'typebox'
import { problem } from '../../domain/errors.ts'
import { Organisation, type ReferenceListName, referenceLists } from '../../domain/reference-lists.ts'
import type { ReferenceView, Services } from '../../services/contract.ts'
import type { App } from '../app-types.ts'
import { instant, nullable } from '../schemas/lists.ts'
import { ConnectionPath } from '../schemas/parameters.ts'
import { callsXero } from '../timeouts.ts'

interface ReferenceRoute {
  readonly name: ReferenceListName
  readonly path: string
  readonly title: string
}

const lists: readonly ReferenceRoute[] = [
  { name: 'paymentTerms', path: 'payment-terms', title: 'payment terms' },
  { name: 'accounts', path: 'accounts', title: 'accounts' },
  { name: 'taxRates', path: 'tax-rates', title: 'tax rates' },
  { name: 'trackingCategories', path: 'tracking-categories', title: 'tracking categories' },
  { name: 'currencies', path: 'currencies', title: 'currencies' },
  { name: 'contactGroups', path: 'contact-groups', title: 'contact groups' },
  { name: 'brandingThemes', path: 'branding-themes', title: 'branding themes' },
]
const organisation: ReferenceRoute = { name: 'organisation', path: 'organisation', title: 'organisation' }

const fetchedAt = nullable(instant('UTC.'), 'When it was read from Xero; null while it never was.')

const listSchema = (name: ReferenceListName, title: string) =>
  Type.Object(
    { items: Type.Array(referenceLists[name] as TSchema, { description: `All ${title}; not paged.` }), fetchedAt },
    { description: `The ${title} as last read from Xero.` },
  )
const OrganisationView = Type.Object(
  { ...Organisation.properties, fetchedAt },
  { description: 'The organisation as last read from Xero.' },
)

const asList = ({ entries, fetchedAt: at }: ReferenceView) => ({ items: entries, fetchedAt: at })
function asOrganisation({ entries, fetchedAt: at }: ReferenceView<'organisation'>) {
  const [entry] = entries
  if (entry) return { ...entry, fetchedAt: at }
  throw problem('not_found', 'The organisation was not read from Xero yet.', {
    action: 'POST …/organisation/refresh, or run a sync job.',
  })
}

export function referenceRoutes(app: App, services: Services): void {
  pair(app, services, organisation, OrganisationView, (view) => asOrganisation(view as ReferenceView<'organisation'>))
  for (const list of lists) pair(app, services, list, listSchema(list.name, list.title), asList)
}

function pair(
  app: App,
  { reference }: Services,
  { name, path, title }: ReferenceRoute,
  schema: TSchema,
  shape: (view: ReferenceView) => object,
): void {
  const url = `/v1/connections/:connectionId/${path}` as const
  const operation = name.charAt(0).toUpperCase() + name.slice(1)
  const tags = ['Reference lists']

  app.get(
    url,
    {
      schema: {
        operationId: `get${operation}`,
        summary: `Get the ${title}`,
        description: `The ${title} as last read from Xero. Every sync job reads them again.`,
        tags,
        params: ConnectionPath,
        response: { 200: schema },
      },
    },
    async (request) => shape(await reference.get(request.companyId, request.params.connectionId, name)),
  )

  app.post(
    `${url}/refresh`,
    {
      schema: {
        operationId: `refresh${operation}`,
        summary: `Read the ${title} from Xero now`,
        description: 'Reads from Xero, stores the result and returns it. Counts as one call against Xero’s limits.',
        tags,
        params: ConnectionPath,
        response: { 200: schema },
      },
      config: { problems: ['connection_not_active', 'xero_unreachable', 'xero_throttled', 'application_credentials'] },
      ...callsXero,
    },
    async (request) => shape(await reference.refresh(request.companyId, request.params.connectionId, name)),
  )
}
