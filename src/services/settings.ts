// Settings of a connection: effective document, versioned changes, and the check against what Xero really has.

import type { Db } from '../db/tables.ts'
import { problem } from '../domain/errors.ts'
import {
  acceptedSettings,
  droppedFindings,
  mergePatch,
  type ReferenceData,
  type Settings,
  settingsFindings,
  storedSettings,
} from '../domain/settings/index.ts'
import type { Clock } from '../lib/clock.ts'
import type { NewId } from '../lib/ids.ts'
import { changeConnection } from '../stores/connections.ts'
import { findReferenceLists } from '../stores/reference-lists.ts'
import { findSettings, saveSettings } from '../stores/settings.ts'
import { findSurroundings, type ReferenceEntries } from '../stores/surroundings.ts'
import { alone } from './alone.ts'
import { requireConnection } from './connections.ts'
import type { SettingsService, VersionedSettings } from './contract.ts'
import type { JobContext } from './job-context.ts'
import { releaseKeptBack } from './kept-back.ts'
import { nextRunOf } from './next-run.ts'

/** The effective settings: what was saved, over the defaults. Never fails on what was saved. */
export async function loadSettings(db: Db, companyId: string, connectionId: string): Promise<VersionedSettings> {
  const stored = await findSettings(db, companyId, connectionId)
  return { settings: storedSettings(stored?.document ?? {}).settings, version: stored?.version ?? 1 }
}

export async function loadReference(db: Db, companyId: string, connectionId: string): Promise<ReferenceData> {
  const lists = await findReferenceLists(db, companyId, connectionId)
  return referenceOf(Object.fromEntries(Object.entries(lists).map(([name, { entries }]) => [name, entries])))
}

const referenceOf = (lists: ReferenceEntries): ReferenceData => ({
  accounts: lists.accounts ?? null,
  taxRates: lists.taxRates ?? null,
  trackingCategories: lists.trackingCategories ?? null,
  brandingThemes: lists.brandingThemes ?? null,
  currencies: lists.currencies ?? null,
  organisation: lists.organisation?.[0] ?? null,
  paymentTerms: lists.paymentTerms ?? null,
})

/** What a turn of a job works with; null where the connection is gone. */
export async function loadSurroundings(
  db: Db,
  companyId: string,
  connectionId: string,
): Promise<Pick<JobContext, 'connection' | 'settings' | 'settingsVersion' | 'reference'> | null> {
  const found = await findSurroundings(db, companyId, connectionId)
  if (!found) return null
  const { settings } = storedSettings(found.settings ?? {})
  const { connection, settingsVersion, lists } = found
  return { connection, settings, settingsVersion: settingsVersion ?? 1, reference: referenceOf(lists) }
}

const changedMeanwhile = () => problem('precondition_failed', 'The settings were changed meanwhile.')

export function settingsService(deps: { db: Db; clock: Clock; newId: NewId }): SettingsService {
  const { db, clock, newId } = deps

  async function change(
    companyId: string,
    connectionId: string,
    ifMatch: number,
    make: (current: Settings) => unknown,
  ): Promise<VersionedSettings> {
    await requireConnection(db, companyId, connectionId)
    const current = await loadSettings(db, companyId, connectionId)
    if (current.version !== ifMatch) throw changedMeanwhile()
    const reference = await loadReference(db, companyId, connectionId)
    const settings = acceptedSettings(make(current.settings), reference, current.settings)
    const now = clock.now()
    const saved = await alone(db, connectionId, async (tx) => {
      if (!(await saveSettings(tx, companyId, connectionId, settings, ifMatch, now.toISOString()))) return false
      const connection = await requireConnection(tx, companyId, connectionId)
      const nextRunAt = nextRunOf(settings, connection.organisation?.timezone ?? null, now)
      await changeConnection(
        tx,
        companyId,
        connectionId,
        ['active', 'needs_reconnect'],
        { nextRunAt },
        now.toISOString(),
      )
      const change = { before: current.settings, after: settings }
      await releaseKeptBack(tx, { companyId, connectionId }, change, { newId, now: now.toISOString() })
      return true
    })
    if (!saved) throw changedMeanwhile()
    return { settings, version: ifMatch + 1 }
  }

  return {
    async get(companyId, connectionId) {
      await requireConnection(db, companyId, connectionId)
      return loadSettings(db, companyId, connectionId)
    },

    patch: (companyId, connectionId, patch, ifMatch) =>
      change(companyId, connectionId, ifMatch, (current) => mergePatch(current, patch)),

    replaceSection: (companyId, connectionId, section, value, ifMatch) =>
      change(companyId, connectionId, ifMatch, (current) => ({ ...current, [section]: value })),

    async check(companyId, connectionId) {
      await requireConnection(db, companyId, connectionId)
      const stored = storedSettings((await findSettings(db, companyId, connectionId))?.document ?? {})
      const reference = await loadReference(db, companyId, connectionId)
      return [...droppedFindings(stored), ...settingsFindings(stored.settings, reference)]
    },
  }
}
