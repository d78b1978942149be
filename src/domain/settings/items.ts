// Settings section "items": which items become items in Xero, and with which accounts.
import { type Static, Type } from 'typebox'
import { account, conflictPolicy, flag, importMode, mapEntries, nullable } from './common.ts'

export const inventoryModes = ['do_not_sync', 'sync_inventory'] as const

export const ItemGroup = Type.Object(
  {
    income: account('Account of sales.'),
    expense: account('Account of purchases.'),
    salesTaxCode: nullable(
      Type.String({ minLength: 1, maxLength: 50, description: 'Tax code of the product.' }),
      'Tax code of sales for items of the group that have none.',
    ),
    purchaseTaxCode: nullable(
      Type.String({ minLength: 1, maxLength: 50, description: 'Tax code of the product.' }),
      'Tax code of purchases for items of the group that have none.',
    ),
  },
  { additionalProperties: false, description: 'Defaults for the items of one group.' },
)

export const ItemsSettings = Type.Object(
  {
    inventoryMode: Type.Enum([...inventoryModes], {
      default: 'do_not_sync',
      description:
        'do_not_sync: inventory items and assemblies stay out of Xero; documents use the proxy item with the code in ' +
        'the line description. sync_inventory: they become (untracked) items in Xero.',
    }),
    proxyItem: Type.Object(
      {
        code: Type.String({ default: 'OT-PROXY', minLength: 1, maxLength: 30, description: 'Its code in Xero.' }),
        name: Type.String({
          default: 'OT Proxy',
          minLength: 1,
          maxLength: 50,
          description: 'The name that it is created with in Xero.',
        }),
      },
      { default: {}, additionalProperties: false, description: 'The proxy item, created in Xero on first need.' },
    ),
    syncNonInventory: flag(true, 'Services, other charges and non-inventory items become items; else the proxy item.'),
    accounts: Type.Object(
      {
        income: account('Account of sales of items without one of their own or of their group.'),
        expense: account('Account of purchases of items without one of their own or of their group.'),
      },
      { default: {}, additionalProperties: false, description: 'Default accounts of items.' },
    ),
    itemGroups: Type.Record(Type.String(), ItemGroup, {
      default: {},
      ...mapEntries,
      description: 'Defaults by item group: the key is itemGroup of the record.',
    }),
    longCode: Type.Enum(['truncate_hash', 'reject'], {
      default: 'truncate_hash',
      description:
        'What to do with codes of more than the 30 characters that Xero allows: shorten with a hash · refuse.',
    }),
    import: importMode('items'),
    conflict: conflictPolicy(),
    onDelete: Type.Enum(['delete_or_deactivate', 'delete', 'keep'], {
      default: 'delete_or_deactivate',
      description:
        'What happens in Xero when an item is deleted. Xero refuses to delete an item that transactions use. ' +
        'delete_or_deactivate: an item in use is then no longer sold or purchased · delete: its deletion fails · keep: nothing.',
    }),
  },
  { default: {}, additionalProperties: false, description: 'Items.' },
)
export type ItemsSettings = Static<typeof ItemsSettings>
