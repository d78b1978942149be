// Items by id or code.
import type { Item, Organisation } from '../../state.ts'
import { createLookup } from '../lookup.ts'

const byCode = createLookup<Item>(
  (item) => item.ItemID,
  (item) => item.Code,
)

export const itemByCode = (organisation: Organisation, code: string) => byCode(organisation.items, code)

export const itemByKey = (organisation: Organisation, key: string) =>
  organisation.items.get(key.toLowerCase()) ?? itemByCode(organisation, key)
