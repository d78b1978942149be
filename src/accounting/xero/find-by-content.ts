// Looks for documents by what they say, where nothing bears the name that they were sent under: a person may have given them
// another one since. Only what changed in the list since they were sent can be they.
import type { RemoteList } from '../../domain/entity-types.ts'
import { canonicalAddress, contentKeyOf } from '../../domain/posting/marker.ts'
import type { Posted } from '../../domain/posting/posted.ts'
import type { AlikeDocument, Call, Outcome } from '../provider.ts'
import { limitsOf } from './answer.ts'
import type { Client } from './client.ts'
import { instant, modifiedSinceHeader } from './dates.ts'
import { collection, seenIn } from './elements.ts'
import { judgeWhole, unknown } from './errors.ts'
import { differences } from './find.ts'
import { type Json, text } from './json.ts'
import { kindOf } from './kinds.ts'
import { isId, lists } from './lists.ts'
import { isDoubtful, nextPage } from './pages.ts'
import { isDead, markerOf, remoteRef } from './remote.ts'
import { standingOf } from './standing.ts'

type Likeness = AlikeDocument['likeness']

/** A page of likely documents; a row that no likeness speaks for is left out. */
export async function findByContent(
  client: Client,
  call: Call,
  list: RemoteList,
  posted: readonly Posted[],
  { since, page }: { readonly since: string; readonly page: number },
): Promise<Outcome<{ found: AlikeDocument[]; nextPage: number | null }>> {
  const isPaged = lists[list].maxPageSize !== null
  const query = { ...kindOf(list).changed, ...(isPaged ? { page } : {}) }
  const answer = await client.get(call, lists[list].path, query, modifiedSinceHeader(since))
  const verdict = judgeWhole(answer, 'read')
  if (verdict.kind !== 'answered') return verdict
  // A list without changes may answer 304 (xero.md, Open questions).
  const rows = answer.status === 304 ? [] : collection(answer, lists[list].path)
  const isCut = isPaged && rows !== null && rows.length > 0 && page === 1 && isDoubtful(answer, rows.length)
  const next = isPaged && rows !== null && answer.status !== 304 ? nextPage(answer, page, rows.length) : null
  if (rows === null || (isCut && next === null)) return unknown(answer, 'read')
  const isSince = ({ UpdatedDateUTC, UpdatedDateUTCString }: Json): boolean => {
    const at = instant(UpdatedDateUTC) ?? instant(UpdatedDateUTCString)
    return at === null || at.slice(0, 19) >= since.slice(0, 19)
  }
  const changed = rows.filter((row) => isId(row[lists[list].idField]) && isSince(row))
  const found = posted.flatMap((document) => changed.flatMap((row) => alikeOf(list, row, document) ?? []))
  return { kind: 'ok', value: { found, nextPage: next }, limits: limitsOf(answer) }
}

function alikeOf(list: RemoteList, row: Json, document: Posted): AlikeDocument | null {
  const differing = differences(document, row)
  const likeness = likenessOf(row, document, differing)
  if (likeness === null) return null
  return {
    marker: markerOf(document),
    soughtAs: contentKeyOf(document),
    isMarked: likeness === 'address',
    likeness,
    remote: remoteRef(list, row, document),
    ...(list === 'invoices' ? { standing: standingOf(row) } : {}),
    differences: differing,
    seen: seenIn(list, row),
  }
}

function likenessOf(row: Json, document: Posted, differing: readonly string[]): Likeness | null {
  if (document.list === 'contacts' || !kindOf(document.list).isOurs(row, document)) return null
  const agree = (...fields: readonly string[]): boolean => fields.every((field) => !differing.includes(field))
  if (differing.includes('unreadable')) return 'some'
  if (document.list === 'items') {
    return agree('name', 'description', 'salePrice', 'purchasePrice') ? 'same' : null
  }
  const url = text(row, 'Url')
  const { url: address = '' } = document
  const isAddressed = url !== null && address !== '' && canonicalAddress(url) === canonicalAddress(address)
  if (isAddressed) return 'address'
  // A document with another address may be another record's.
  const isSame = agree('contact', 'total', 'lines')
  if (isSame && (url === null || document.kind === 'sale')) return 'same'
  // A voided document counts where nothing else tells it from ours; or else everything voided would be in the way.
  if (isDead(row)) return null
  const isAlike = isSame || (agree('contact') && ['total', 'lines', 'date'].some((field) => agree(field)))
  return isAlike || agree('total', 'lines') ? 'some' : null
}
