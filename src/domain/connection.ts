// A connection joins one company to one organisation. Its states and the allowed transitions are data: a state that no
// transition leaves would be one that support cannot clear.
import { type Static, Type } from 'typebox'

export const connectionStatuses = [
  'pending_consent',
  'select_organisation',
  'active',
  'needs_reconnect',
  'disconnected',
] as const
export type ConnectionStatus = (typeof connectionStatuses)[number]

export const connectionTransitions: Readonly<Record<ConnectionStatus, readonly ConnectionStatus[]>> = {
  pending_consent: ['select_organisation', 'active', 'disconnected'],
  select_organisation: ['active', 'select_organisation', 'disconnected'],
  active: ['needs_reconnect', 'active', 'disconnected'],
  needs_reconnect: ['active', 'disconnected'],
  disconnected: ['active', 'select_organisation'],
}

export const canMove = (from: ConnectionStatus, to: ConnectionStatus): boolean =>
  connectionTransitions[from].includes(to)

export const OrganisationSummary = Type.Object(
  {
    id: Type.String({ description: "The organisation's id at the accounting system." }),
    name: Type.String({ description: 'Name as shown in the accounting system.' }),
    baseCurrency: Type.Union([Type.String(), Type.Null()], { description: 'ISO 4217 code, null until first read.' }),
    countryCode: Type.Union([Type.String(), Type.Null()], { description: 'ISO 3166 code, null until first read.' }),
    timezone: Type.Union([Type.String(), Type.Null()], { description: 'IANA time zone, null until first read.' }),
    shortCode: Type.Union([Type.String(), Type.Null()], { description: 'Used in deep links into Xero.' }),
    isDemoCompany: Type.Boolean({ description: 'True for a demo company, whose data is replaced from time to time.' }),
  },
  { description: 'The organisation that a connection writes to.' },
)
export type OrganisationSummary = Static<typeof OrganisationSummary>

export const Connection = Type.Object(
  {
    id: Type.String({ format: 'uuid', description: "The connection's id." }),
    companyId: Type.String({ description: 'The company that owns the connection.' }),
    provider: Type.Enum(['xero'], { description: 'The accounting system.' }),
    status: Type.Enum([...connectionStatuses], {
      description:
        'pending_consent: waiting for consent and its confirmation. select_organisation: several organisations were granted, choose one. ' +
        'active: can sync. needs_reconnect: consent was lost, reconnect. disconnected: ended; reconnect starts it again.',
    }),
    organisation: Type.Union([OrganisationSummary, Type.Null()], { description: 'Null until one is chosen.' }),
    scopes: Type.Array(Type.String(), { description: 'Scopes that the consent granted.' }),
    reason: Type.Union([Type.String(), Type.Null()], {
      description: 'Why the connection needs a reconnect or was disconnected; null otherwise.',
    }),
    nextRunAt: Type.Union([Type.String({ format: 'date-time' }), Type.Null()], {
      description: 'When the schedule creates the next sync job, UTC; null without a schedule.',
    }),
    lookUpFirstSince: Type.Union([Type.String({ format: 'date-time' }), Type.Null()], {
      description:
        'Since when nothing is created in Xero without being looked for there first, because the database was restored from a backup; null once everything that was sent is known again.',
    }),
    createdAt: Type.String({ format: 'date-time', description: 'UTC.' }),
    updatedAt: Type.String({ format: 'date-time', description: 'UTC.' }),
  },
  { description: 'One company joined to one organisation.' },
)
export type Connection = Static<typeof Connection>

/** An organisation that a consent granted and that can be selected. */
export const GrantedOrganisation = Type.Object(
  {
    id: Type.String({ description: "The organisation's id; pass it to select-organisation." }),
    name: Type.String({ description: 'Name as shown in the accounting system.' }),
  },
  { description: 'An organisation that the consent granted.' },
)
export type GrantedOrganisation = Static<typeof GrantedOrganisation>
