// What ties a record to Xero: its attempts and its link. The same routes for every record type.
import { entityTypes, isDocumentType, type RecordType } from '../../domain/entity-types.ts'
import type { ProblemCode } from '../../domain/errors.ts'
import type { Services } from '../../services/contract.ts'
import type { App } from '../app-types.ts'
import { listOf } from '../paging.ts'
import { listQuery, pageOf } from '../schemas/lists.ts'
import { RecordPath } from '../schemas/parameters.ts'
import { Attempt, LinkRequest, ResolveRequest, storedRecord } from '../schemas/records.ts'
import { namesOf } from './record-names.ts'

const linkProblems: readonly ProblemCode[] = ['already_linked', 'queue_item_locked', 'queue_item_uncertain']
const callProblems: readonly ProblemCode[] = [
  'connection_not_active',
  'xero_unreachable',
  'xero_throttled',
  'application_credentials',
]

export function recordLinkRoutes(app: App, { records }: Services, type: RecordType): void {
  const { one, many } = namesOf(entityTypes[type])
  const tags = [many]
  const record = `/v1/connections/:connectionId/${entityTypes[type].path}/:recordId` as const

  app.get(
    `${record}/attempts`,
    {
      schema: {
        operationId: `list${one}Attempts`,
        summary: `List the attempts to write the ${type}`,
        description: 'Every try to write it to Xero, newest first, with outcome, cause and remedy.',
        tags,
        params: RecordPath,
        querystring: listQuery,
        response: { 200: pageOf(Attempt, 'attempts') },
      },
    },
    (request, reply) => {
      const { connectionId, recordId } = request.params
      return listOf(request, reply, null, (page) =>
        records.attempts(request.companyId, connectionId, type, recordId, page),
      )
    },
  )

  app.put(
    `${record}/link`,
    {
      schema: {
        operationId: `link${one}`,
        summary: `Link the ${type} to a document in Xero`,
        description:
          'From then on the record is that document: it is updated, not created. Adopts what an import found. An invoice or ' +
          'bill is read from Xero by its id.',
        tags,
        params: RecordPath,
        body: LinkRequest,
        response: { 200: storedRecord(type) },
      },
      config: { problems: isDocumentType(type) ? [...linkProblems, ...callProblems] : linkProblems },
    },
    (request) => {
      const { connectionId, recordId } = request.params
      return records.link(request.companyId, connectionId, type, recordId, request.body.xeroId)
    },
  )

  app.delete(
    `${record}/link`,
    {
      schema: {
        operationId: `unlink${one}`,
        summary: `Unlink the ${type}`,
        description:
          'Forgets which document in Xero the record is. Nothing changes in Xero. A customer, vendor or item is what the product last ' +
          'sent, without what it learned there, unless its contact is archived or its item was deleted.',
        tags,
        params: RecordPath,
        response: { 200: storedRecord(type) },
      },
      config: { problems: ['queue_item_locked', 'queue_item_uncertain'] },
    },
    (request) => {
      const { connectionId, recordId } = request.params
      return records.unlink(request.companyId, connectionId, type, recordId)
    },
  )

  if (!isDocumentType(type) && type !== 'item') return
  app.post(
    `${record}/resolve-conflict`,
    {
      schema: {
        operationId: `resolve${one}Conflict`,
        summary: `Decide a conflict of the ${type} with Xero`,
        description:
          type === 'item'
            ? 'Where sync.lastError.code is removed_in_xero: a person deleted the item in Xero, and the product changed it. product: it is ' +
              'created again. xero: it stays deleted, and the record is outdated. Where it is written_differently, differences shows both sides. product: it ' +
              'is written once more. xero: it stays as it is there, and the record is outdated. The other ways out are to link it to another item, to ' +
              'unlink it, or to delete it.'
            : 'Where sync.lastError.code is edited_in_xero, removed_in_xero or written_differently: differences shows both sides. ' +
              'A deletion of what a person edited is decided here too. ' +
              'The other ways out are to link it to another document, to unlink it, or to delete it.',
        tags,
        params: RecordPath,
        body: ResolveRequest,
        response: { 200: storedRecord(type) },
      },
      config: { problems: ['invalid_state_transition'] },
    },
    (request) => {
      const { connectionId, recordId } = request.params
      return records.resolveConflict(request.companyId, connectionId, type, recordId, request.body.keep)
    },
  )
}
