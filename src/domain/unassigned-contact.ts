// A contact that the accounting system knows and that is neither customer nor vendor yet.

export interface UnassignedContact {
  readonly xeroId: string
  readonly name: string
  readonly contactNumber: string | null
  readonly email: string | null
  readonly archived: boolean
  readonly updatedAt: string | null
}
