// Who wins when a record changed here and in Xero.
import type { ConflictPolicy } from './settings/common.ts'

/** take: Xero's values become the record's. keep: the record stays as it is. */
export function resolveImport(policy: ConflictPolicy, state: { readonly hasOpenItem: boolean }): 'take' | 'keep' {
  switch (policy) {
    case 'pending_wins':
      return state.hasOpenItem ? 'keep' : 'take'
    case 'xero_wins':
      return 'take'
    case 'product_wins':
      return 'keep'
  }
}
