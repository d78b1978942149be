// Answers that are not Xero's own, and what must be so after odd lists of items.
import type { Test } from 'tap'
import type { AnswerChange } from '../../../src/simulator/index.ts'
import type { World } from '../../support/house.ts'
import type { Tenant } from '../../support/tenant.ts'
import { synced } from './books.ts'

/** The next calls of a tenant to a path are answered like this. */
export const oddAnswers =
  ({ simulator }: World) =>
  (tenant: Tenant, method: string, path: string, answer: AnswerChange, times = 1): void =>
    simulator.control.faults({ kind: 'answer', method, path, tenantId: tenant.organisationId, times, answer })

/** The same of the list of items. */
export const oddItemLists =
  (world: World) =>
  (tenant: Tenant, answer: AnswerChange, times = 1): void =>
    oddAnswers(world)(tenant, 'GET', '/Items', answer, times)

/** Records that the feed told to be deleted. */
export const deletionsTold = async (tenant: Tenant): Promise<string[]> =>
  (await tenant.changes()).filter((change) => change.operation === 'deleted').map((change) => change.recordId)

export async function allItemsThere(t: Test, tenant: Tenant, ids: string[]): Promise<void> {
  t.strictSame(await deletionsTold(tenant), [], 'no deletion in the feed')
  await synced(t, tenant, 'items', ...ids)
}
