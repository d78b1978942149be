// Who held which value of a field, and when: what stood in Xero, what the product handed over, what a person set there. Each
// write of ours is laid beside it as it arrives, so that the write that breaks a promise is named, not its traces.
import type { ElementResult } from '../../../src/accounting/provider.ts'
import type { FoundDocument } from '../../../src/domain/found-document.ts'
import type { ConflictPolicy } from '../../../src/domain/settings/common.ts'
import { everHeld, type Handover, handover } from './handover.ts'
import { isLive, type Stored } from './organisation.ts'
import {
  certainlyFoundMs,
  certainlySeenMs,
  hear,
  isUnfound,
  knownAt,
  longestStallMs,
  noteAt,
  type Place,
  type RecordKey,
  type State,
  show,
  unseen,
  type Writing,
} from './states.ts'
import {
  blockOf,
  defaults,
  inBlock,
  isGivenBack,
  isKnownPart,
  isLeft,
  partsOf,
  type Values,
  valuesOf,
} from './values.ts'

export interface Trail {
  /**
   * What the record held before tells what the product changed. What it says as it said it last is no change, unless `isInsisted`: the
   * settings let it win.
   */
  handedOver(record: RecordKey, values: Values, held: Values | null, isInsisted?: boolean): void
  /** All that the product said of any record: documents take texts and prices of their items, too. */
  said(organisationId: string, values: readonly string[]): void
  /** Something was put into Xero by a person, or by the write that is under way. */
  stood(stored: Stored): void
  shown(stored: readonly Stored[]): void
  /** Found by a look-up. */
  found(hits: readonly Pick<FoundDocument, 'remote'>[]): void
  /** Written, and the answer was heard. */
  heard(results: readonly ElementResult[]): void
  /** Somebody unlinked the record from what it is. */
  unlinked(record: RecordKey): void
  /** A person lets the record be written over what is known of the document. */
  accepted(remoteId: string): void
  /** The policy of all lists of an organisation whose writes are judged, and the types whose records learn nothing of Xero. */
  watch(organisationId: string, policy: ConflictPolicy, untold?: readonly string[]): void
  write<T>(one: Writing, work: () => T): T
  isTouched(remoteId: string, field: string): boolean
  /** Records whose documents are or were this one. */
  writersOf(remoteId: string): ReadonlySet<RecordKey>
  remoteOf(record: RecordKey): string | null
  /** Whether the contact bears, or bore, a name that the product said of the record. */
  hasBorneNameOf(remoteId: string, record: RecordKey): boolean
  /** Whether the product ever said the value of the record. */
  isSaid(record: RecordKey, field: string, value: string): boolean
  /**
   * Whether a field stands so for a reason that is not the record's: a person entered it there, or another record that is or was the
   * same contact said so, or took it away.
   */
  isAnothers(place: Place, field: string, value: string): boolean
}

export function trail(now: () => number, violate: (what: string) => void, reached: (what: string) => void): Trail {
  const states = new Map<string, Map<string, State[]>>()
  const handovers = new Map<RecordKey, Handover[]>()
  const writers = new Map<string, Set<RecordKey>>()
  const remotes = new Map<RecordKey, string[]>()
  const policies = new Map<string, ConflictPolicy>()
  const untoldTypes = new Map<string, readonly string[]>()
  const saidOf = new Map<string, Set<string>>()
  const unlinkedAt = new Map<RecordKey, number[]>()
  const acceptedAt = new Map<string, number>()
  const writtenAt = new Map<string, number>()
  let writing: Writing | null = null

  const last = (remoteId: string, field: string): State | undefined => states.get(remoteId)?.get(field)?.at(-1)
  const stoodOf = (remoteId: string, field: string): State[] => states.get(remoteId)?.get(field) ?? []
  /** In any line of the same street. */
  const stoodInBlock = (remoteId: string, field: string): State[] =>
    blockOf(field) === field
      ? stoodOf(remoteId, field)
      : [...(states.get(remoteId) ?? [])].flatMap(([one, list]) => (blockOf(one) === blockOf(field) ? list : []))

  const isUntold = (organisationId: string, record: RecordKey): boolean =>
    untoldTypes.get(organisationId)?.includes(record.split(':')[0] ?? '') === true

  /** The values that either side ever held in a field of the document. */
  function isKnown(record: RecordKey, remoteId: string, field: string, value: string): boolean {
    const records = [record, ...(writers.get(remoteId) ?? [])]
    const places = [remoteId, ...records.flatMap((one) => remotes.get(one) ?? [])]
    if (places.some((place) => stoodInBlock(place, field).some((state) => state.value === value))) return true
    const isEmptied = () => handovers.get(record)?.some((one) => one.changed.has(field) && !one.values[field])
    if (defaults[field] === value && isEmptied()) return true
    return records.some((one) => handovers.get(one)?.some(({ values }) => inBlock(values, field).includes(value)))
  }

  /** The change of the field by the product that had not arrived when the person set it. */
  function ownChange({ record, intentAt }: Writing, remoteId: string, field: string, value: string): Handover | null {
    const until = last(remoteId, field)?.at ?? 0
    const isBlock = blockOf(field) !== field
    const says = ({ values }: Handover) =>
      isBlock
        ? value === '' || inBlock(values, field).includes(value)
        : (values[field] ?? '') === value || (!values[field] && defaults[field] === value)
    const changes = handovers.get(record)?.filter(({ at, changed }) => at <= intentAt && changed.has(blockOf(field)))
    // A handover while a worker stood still, after its reading, is not in that write.
    const change = changes?.findLast((one) => says(one) || one.at <= intentAt - longestStallMs)
    if (!change || !says(change)) return null
    const isSince = (state: State) => state.value === value && state.at >= change.at
    // A value that a person set and set anew between two readings is known to nobody.
    const isRead = ({ by, shownAt }: State) => by === 'app' || shownAt !== null
    // Values of a record cannot have arrived in a contact that it never was.
    const isOwn = writers.get(remoteId)?.has(record) === true
    const isHere =
      isOwn && stoodOf(remoteId, field).some((state) => isSince(state) && isRead(state) && state.at < until)
    const isElsewhere = (remotes.get(record) ?? []).some(
      (place) => place !== remoteId && stoodOf(place, field).some((state) => isSince(state) && state.record === record),
    )
    return isHere || isElsewhere ? null : change
  }

  /** As a field was known before the last change: an account of the settings is nobody's value. */
  function lastKnown(remoteId: string, field: string): string {
    const states = stoodOf(remoteId, field).slice(0, -1)
    const { value = '' } = states.findLast(({ by, shownAt }) => by === 'app' || shownAt !== null) ?? {}
    return value === defaults[field] ? '' : value
  }

  /** A value that the product took away before its arrival was heard: what stood there before goes back. */
  function isTakenBack({ record, intentAt }: Writing, remoteId: string, field: string, value: string): boolean {
    const change = handovers.get(record)?.findLast(({ at, changed }) => at <= intentAt && changed.has(blockOf(field)))
    const stood = stoodOf(remoteId, field)
    const ours = stood.findLastIndex(({ by }) => by === 'app')
    return change !== undefined && !change.values[field] && stood[ours - 1]?.value === value
  }

  /** Whether the settings let the record write the value over what a person set since: it holds it. */
  function isInsisted({ organisationId, record, intentAt }: Writing, field: string, value: string): boolean {
    if (policies.get(organisationId) !== 'product_wins') return false
    const said = inBlock(handovers.get(record)?.findLast(({ at }) => at <= intentAt)?.values, field)
    // Who says a street says all of its lines.
    if (value === '') return blockOf(field) !== field && said.length > 0
    return !isUntold(organisationId, record) || said.includes(value)
  }

  /** A person let the document be written over after the state was shown. */
  const isAccepted = (id: string, { shownAt }: State): boolean => (acceptedAt.get(id) ?? 0) > (shownAt ?? 0)

  function judge(one: Writing, { id, posted }: Stored): void {
    const { organisationId, record, intentAt } = one
    const before = present(id)
    const after = valuesOf(posted)
    const policy = policies.get(organisationId)
    for (const field of new Set([...Object.keys(before), ...Object.keys(after)])) {
      const [was, is] = [before[field] ?? '', after[field] ?? '']
      // An account of the settings fills what is empty.
      if (was === is || (was === '' && is === defaults[field])) continue
      const what = `${field} of ${posted.list} ${id} from "${was}" to "${is}" for ${record}`
      const isDocument = posted.list === 'invoices'
      const state = last(id, field)
      if (isDocument) {
        const isUnheld = is === '' && state?.by === 'person' && !isAccepted(id, state)
        if (isUnheld && intentAt > state.at) violate(`I16: emptied what the product never held: ${what}`)
        const known = new Set([
          ...(saidOf.get(organisationId) ?? []),
          ...stoodOf(id, field).flatMap(({ value }) => partsOf(field, value)),
        ])
        const unknown = partsOf(field, is).find((part) => !isKnownPart(part, known))
        if (unknown) violate(`I15: a value that neither side held: ${unknown} in ${what}`)
      } else {
        const held = everHeld(handovers.get(record), (values) => inBlock(values, field).length > 0, field)
        const isUnseen = isGivenBack(field) && state?.by === 'person' && (state.shownAt ?? intentAt) >= intentAt
        if (is === '' && !held && !isUnseen) violate(`I16: emptied what the product never held: ${what}`)
        if (is !== '' && !isKnown(record, id, field, is)) violate(`I15: a value that neither side held: ${what}`)
      }
      // What was frozen before the edit could not know of it.
      if (!policy || state?.by !== 'person' || intentAt <= state.at) continue
      const isShown = state.shownAt !== null && state.shownAt < intentAt
      if (isDocument) {
        const isSeen = isShown || state.at + certainlySeenMs < intentAt
        const ours = stoodOf(id, field).findLast(({ by }) => by === 'app')?.value ?? ''
        if (field === 'lines' && isLeft(ours, was, is)) continue
        const isDecided = isShown && isAccepted(id, state)
        if (isSeen && !isDecided) violate(`I17: a person's edit was lost: ${what}`)
        else if (isDecided) reached('a record was written over an edit, as decided')
        continue
      }
      const change = ownChange(one, id, field, is)
      const isSent = ({ value, at }: State) => value === is || (change?.at ?? 0) > at
      if (was === '' && isUnfound(stoodOf(id, field), isSent)) continue
      // Set and taken back by a person between two readings.
      if (state.value === lastKnown(id, field)) continue
      // The product knew the person's value when it changed it, perhaps several times before anything was sent; or the settings
      // keep it from the record, and the service knew it.
      const isMet = writers.get(id)?.has(record) === true
      const knew = ({ at, held, previous }: Handover) => {
        // Until it was unlinked the record knew it: what the product says otherwise since than it said before is a change of its own.
        if (unlinkedAt.get(record)?.some((unlinked) => unlinked > knownAt(state) && unlinked <= at)) return true
        if (!isUntold(organisationId, record)) return (held?.[field] ?? '') === was
        // A value that both say when they meet is common to both.
        return at > knownAt(state) || (!isMet && (previous[field] ?? '') === was)
      }
      const isLater = handovers
        .get(record)
        ?.some((one) => change && one.at <= change.at && one.changed.has(blockOf(field)) && knew(one))
      // What stands empty when a record meets it is filled, whoever emptied it.
      const isFilled = was === '' && !isMet
      const isMine = change !== null && (policy !== 'xero_wins' || !isShown || isLater || isFilled)
      if (isMine) reached('both sides changed a field')
      else if (isInsisted(one, field, is)) reached('the product won')
      else if (!isShown && isTakenBack(one, id, field, is))
        reached('a value taken back went over an edit that nobody saw')
      else if (isShown || !isGivenBack(field)) violate(`I17: a person's edit was lost: ${what}`)
    }
  }

  /** The removal of a document as it arrives: what a person changed since our last write may not go with it unseen. */
  function judgeRemoval({ record, intentAt }: Writing, { id }: Stored): void {
    for (const [field, list] of states.get(id) ?? []) {
      const edit = list.at(-1)
      const since = writtenAt.get(id) ?? 0
      // What it was before the person changed it, and is again, is no edit.
      const before = list.findLast(({ by, at }) => by === 'app' || at <= since)
      if (edit?.by !== 'person' || edit.at <= since || intentAt <= edit.at || edit.value === before?.value) continue
      // A person's value in a field that we left open, filled in before a creation without an answer is found, is taken for ours.
      if ((before?.value ?? '') === '' && edit.at <= since + certainlyFoundMs) continue
      const isDecided = edit.shownAt !== null && edit.shownAt < intentAt && isAccepted(id, edit)
      const isSeen = (edit.shownAt !== null && edit.shownAt < intentAt) || edit.at + certainlySeenMs < intentAt
      if (isDecided) reached('an edited document was removed, as decided')
      else if (isSeen)
        violate(`I17: a person's edit went with a removal: ${field} "${edit.value}" of ${id} for ${record}`)
    }
  }

  function note(remoteId: string, values: Values): void {
    const fields = states.get(remoteId) ?? new Map<string, State[]>()
    states.set(remoteId, fields)
    for (const field of new Set([...Object.keys(values), ...fields.keys()])) {
      const value = values[field] ?? ''
      const list = fields.get(field) ?? []
      if (list.at(-1)?.value === value) continue
      list.push({ at: now(), value, by: writing ? 'app' : 'person', record: writing?.record ?? null, ...unseen })
      fields.set(field, list)
    }
  }

  const statesOf = ({ remoteId }: FoundDocument['remote']): State[][] => [...(states.get(remoteId)?.values() ?? [])]
  const nothing = (remoteId: string): Values =>
    Object.fromEntries([...(states.get(remoteId)?.keys() ?? [])].map((field) => [field, '']))
  const present = (remoteId: string): Values =>
    Object.fromEntries(Object.keys(nothing(remoteId)).map((field) => [field, last(remoteId, field)?.value ?? '']))

  function remember(record: RecordKey, remoteId: string): void {
    const list = remotes.get(record) ?? []
    if (list.at(-1) !== remoteId) remotes.set(record, [...list.filter((one) => one !== remoteId), remoteId])
    writers.set(remoteId, (writers.get(remoteId) ?? new Set()).add(record))
  }

  return {
    handedOver(record, values, held, isInsisted = false) {
      const list = handovers.get(record) ?? []
      // Stored by a handover without an answer, it was nothing before.
      const before = list.length > 0 ? held : null
      list.push(handover(now(), { values, held: before, previous: list.at(-1)?.values ?? {}, isInsisted }))
      handovers.set(record, list)
    },
    said(organisationId, values) {
      const known = saidOf.get(organisationId) ?? new Set()
      for (const value of values) known.add(value)
      saidOf.set(organisationId, known)
    },
    stood(stored) {
      if (writing) {
        if (stored.posted.list === 'invoices' && !isLive(stored)) judgeRemoval(writing, stored)
        else if (states.has(stored.id)) judge(writing, stored)
        remember(writing.record, stored.id)
        writtenAt.set(stored.id, now())
      }
      note(stored.id, valuesOf(stored.posted))
    },
    shown(stored) {
      for (const one of stored) {
        for (const [field, value] of Object.entries({ ...nothing(one.id), ...valuesOf(one.posted) })) {
          const state = last(one.id, field)
          if (state?.value === value && one.updatedAt >= state.at) show(state, now())
        }
      }
    },
    found(hits) {
      for (const { remote } of hits) for (const list of statesOf(remote)) noteAt(list.at(-1), 'foundAt', now())
    },
    heard(results) {
      for (const result of results) {
        if (result.kind !== 'written') continue
        for (const list of statesOf(result.remote)) hear(list, writtenAt.get(result.remote.remoteId) ?? 0, now())
      }
    },
    unlinked: (record) => void unlinkedAt.set(record, [...(unlinkedAt.get(record) ?? []), now()]),
    accepted: (remoteId) => void acceptedAt.set(remoteId, now()),
    watch(organisationId, policy, untold = []) {
      policies.set(organisationId, policy)
      untoldTypes.set(organisationId, untold)
    },
    write(one, work) {
      writing = one
      try {
        return work()
      } finally {
        writing = null
      }
    },
    isTouched: (remoteId, field) => stoodOf(remoteId, field).some(({ by }) => by === 'person'),
    writersOf: (remoteId) => writers.get(remoteId) ?? new Set(),
    isAnothers({ record, remoteId, others, movedAt }, field, value) {
      // A street is one value of several lines; who takes a person away, takes the mailbox along.
      const touched = [...stoodInBlock(remoteId, field), ...stoodOf(remoteId, field.replace(/\/email$/, '/name'))]
      if (touched.some(({ by }) => by === 'person')) return true
      // Values of the lost contact are not carried over; those that the product says after the merge are.
      const isSince = ({ at, changed }: Handover) => changed.has(blockOf(field)) && at > (movedAt ?? 0)
      // Lines of a street said after the merge stand above one another.
      const isSaidSince = ({ at, changed }: Handover) => at > (movedAt ?? 0) && changed.has(blockOf(field))
      if (movedAt !== null && blockOf(field) !== field && handovers.get(record)?.some(isSaidSince)) return true
      const wasEmpty = stoodOf(remoteId, field).length === 0
      if (movedAt !== null && value === '' && wasEmpty && !handovers.get(record)?.some(isSince)) return true
      const records = [...others, ...(writers.get(remoteId) ?? [])].filter((one) => one !== record)
      const isSaid = ({ values, changed }: Handover) =>
        value === '' ? changed.has(blockOf(field)) && values[field] === undefined : values[field] === value
      return records.some((one) => handovers.get(one)?.some(isSaid))
    },
    isSaid: (record, field, value) => handovers.get(record)?.some(({ values }) => values[field] === value) === true,
    hasBorneNameOf: (remoteId, record) =>
      stoodOf(remoteId, 'name').some(({ value }) => handovers.get(record)?.some(({ values }) => values.name === value)),
    remoteOf: (record) => remotes.get(record)?.at(-1) ?? null,
  }
}
