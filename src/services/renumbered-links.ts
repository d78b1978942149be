// The link of an invoice or bill whose lines have other ids than when it was sent: all that it knows of lines, by the ids of now.
import { formerLineIds } from '../domain/posting/renumbered-lines.ts'
import type { DocumentBody } from '../domain/records/index.ts'
import type { Link } from '../stores/links.ts'
import type { StoredRecord } from '../stores/records.ts'

type IdOf = (former: string) => string | undefined

const rekeyed = <T>(byId: Readonly<Record<string, T>>, idOf: IdOf): Record<string, T> =>
  Object.fromEntries(
    Object.entries(byId).flatMap(([former, value]) => {
      const id = idOf(former)
      return id === undefined ? [] : [[id, value]]
    }),
  )

/** Pointers to lines that are gone, and whose ids others have by now, are dropped. */
function repointed(field: string, idOf: IdOf): string[] {
  const [, former, name] = /^\/lines\/(.+)\/([^/]+)$/.exec(field) ?? []
  if (former === undefined) return [field]
  const id = idOf(former)
  return id === undefined ? [] : [`/lines/${id}/${name}`]
}

/** The link of any record: only of invoices and bills is known what was said. */
export function inIdsOfNow({ body }: Pick<StoredRecord, 'body'>, link: Link): Link {
  const { sent } = link
  const { decisions } = sent ?? {}
  if (!sent || !decisions?.said) return link
  const document = body as unknown as DocumentBody
  const former = formerLineIds(document.lines, decisions.said)
  if ([...former].every(([id, was]) => id === was)) return link
  const now = new Map([...former].map(([id, was]) => [was, id]))
  const taken = new Set(document.lines.map(({ id }) => id))
  const idOf: IdOf = (was) => now.get(was) ?? (taken.has(was) ? undefined : was)
  return {
    ...link,
    lineIds: rekeyed(link.lineIds, idOf),
    sent: {
      ...sent,
      ...(sent.left && { left: sent.left.flatMap((field) => repointed(field, idOf)) }),
      ...(sent.kept && {
        kept: sent.kept.flatMap((one) => repointed(one.field, idOf).map((field) => ({ ...one, field }))),
      }),
      decisions: {
        ...decisions,
        lines: rekeyed(decisions.lines, idOf),
        said: decisions.said.flatMap((line) => {
          const id = idOf(line.id)
          return id === undefined ? [] : [{ ...line, id }]
        }),
      },
    },
  }
}
