// An item of the inventory product. What becomes of it in Xero depends on its kind and on settings.items.
import { type Static, Type } from 'typebox'
import { accountCode, currency, identity, optionalText, taxCode, text, unsignedAmount } from './common.ts'

export const itemKinds = ['inventory', 'assembly', 'non_inventory', 'service', 'other_charge'] as const

export const Item = Type.Object(
  {
    ...identity,
    kind: Type.Enum([...itemKinds], {
      description: 'inventory and assembly are stocked; the others are never kept out by the inventory mode.',
    }),
    code: text(50, "The item's code (SKU). Xero allows 30 characters; settings.items.longCode decides on longer ones."),
    name: text(50, 'Name, at most 50 characters as in Xero.'),
    description: optionalText(4000, 'Description on sales documents.'),
    purchaseDescription: optionalText(4000, 'Description on purchase documents.'),
    salePrice: Type.Optional(
      unsignedAmount(
        'Sales price of one unit, a decimal string; Xero keeps four decimals. A price that is removed is 0 there.',
      ),
    ),
    purchasePrice: Type.Optional(
      unsignedAmount(
        'Purchase price of one unit, a decimal string; Xero keeps four decimals. A price that is removed is 0 there.',
      ),
    ),
    currency: currency(
      'Currency of the prices. Prices in another than the base currency are not posted: Xero has none for items.',
    ),
    incomeAccount: accountCode('Account of sales. Goes before the item group and the settings.'),
    expenseAccount: accountCode('Account of purchases. Goes before the item group and the settings.'),
    assetAccount: accountCode(
      'Account of stock. Kept, not posted: new items are untracked in Xero. Bills of an item that Xero tracks go to the account that it has there.',
    ),
    cogsAccount: accountCode('Account of cost of goods sold. Kept, not posted: items are untracked in Xero.'),
    salesTaxCode: taxCode('Tax code of sales: a key of settings.invoices.taxMap.'),
    purchaseTaxCode: taxCode('Tax code of purchases: a key of settings.vendors.taxMap.'),
    itemGroup: optionalText(100, 'Item group: a key of settings.items.itemGroups, which supplies default accounts.'),
    isSold: Type.Optional(Type.Boolean({ default: true, description: 'May be sold. Default true.' })),
    isPurchased: Type.Optional(Type.Boolean({ default: true, description: 'May be purchased. Default true.' })),
    active: Type.Optional(
      Type.Boolean({
        default: true,
        description:
          'Default true. An inactive item is neither sold nor purchased in Xero, which has no inactive items.',
      }),
    ),
  },
  { additionalProperties: false, description: 'An item of the inventory product.' },
)
export type Item = Static<typeof Item>
