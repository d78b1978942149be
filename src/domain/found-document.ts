// Documents as the accounting system names them, and as a look-up finds them.
import type { ImportedEntity } from './imported-entity.ts'
import type { StandingDocument } from './standing-document.ts'

export interface RemoteRef {
  readonly remoteId: string
  readonly number: string | null
  readonly status: string | null
  /** UTC instant, or null where the answer did not say. */
  readonly updatedAt: string | null
  /** The product's line id → the accounting system's line id. */
  readonly lineIds: Readonly<Record<string, string>>
}

/** A document found by its marker. The fingerprint is compared with the posted document before it is adopted. */
export interface FoundDocument {
  readonly marker: string
  /** Which of several documents of one reference it was laid beside; null or absent: the marker tells. */
  readonly soughtAs?: string | null
  /** False where nothing on the document says whose it is: it may be the one, or a person's of the same number. */
  readonly isMarked: boolean
  readonly remote: RemoteRef
  /** How it stands there, where that was shown. */
  readonly standing?: StandingDocument
  /** Fields at the accounting system that contradict what would be posted; empty when it is the same document. */
  readonly differences: readonly string[]
  /** A contact or item as the look-up shows it. */
  readonly seen?: ImportedEntity | null
}
