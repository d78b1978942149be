// A document that was sent, and the lines of the one that stands in Xero.
import type { Test } from 'tap'
import type { World } from '../../support/house.ts'
import type { Tenant } from '../../support/tenant.ts'
import { inNewZealand, later, type Row, synced } from './books.ts'
import { lineWithout, openTrader } from './trading.ts'

/** A line that leaves item, account and tax to others. */
export const openLine = lineWithout('1', 'taxCode', 'itemId')

export const zeroRated = { AccountsReceivableTaxType: 'ZERORATED', AccountsPayableTaxType: 'ZERORATED' }

export const rows = (tenant: Tenant): Row[] => tenant.xero('Invoices')

/** Xero shows them in an order of its own. */
export const lines = (tenant: Tenant): Row[] =>
  rows(tenant)[0].LineItems.toSorted(
    (a: Row, b: Row) => Number(a.AccountCode) - Number(b.AccountCode) || a.LineAmount - b.LineAmount,
  )

/** The record has the id a1. */
export const sender =
  (t: Test, world: World) =>
  async (name: string, path: 'invoices' | 'bills', record: object, settings: object = {}): Promise<Tenant> => {
    const tenant = await openTrader(world, name, inNewZealand)
    await tenant.settings(settings)
    await tenant.put(path, record)
    await tenant.sync()
    await synced(t, tenant, path, 'a1')
    later(world)
    return tenant
  }

export const queueAgain = (tenant: Tenant, recordType: 'invoice' | 'bill', id = 'a1') =>
  tenant.api('POST', 'sync-queue-items', { recordType, recordIds: [id] })
