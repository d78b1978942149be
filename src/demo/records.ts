// What the demo's inventory product hands over: 40 items, 25 customers, 10 vendors, 60 invoices, one of them
// faulty, and 20 bills.

const from1to = (count: number): number[] => Array.from({ length: count }, (_, index) => index + 1)
const padded = (number: number, width = 3): string => String(number).padStart(width, '0')
const pick = <T>(values: readonly T[], index: number): T => values[index % values.length] as T

const goods = [
  'Trail tent',
  'Camp stove',
  'Head lamp',
  'Rope 30 m',
  'Dry bag',
  'Water filter',
  'Sleeping mat',
  'Carabiner',
]
const towns = ['Wellington', 'Hobart', 'Perth', 'Cairns', 'Ballarat']
const trades = ['Outfitters', 'Sports', 'Expeditions', 'Camping']

export const items = from1to(40).map((number) => ({
  id: `item-${number}`,
  kind: number % 8 === 0 ? 'service' : 'inventory',
  code: `SKU-${padded(number)}`,
  name: `${pick(goods, number)} ${padded(number)}`,
  description: `${pick(goods, number)}, model ${number}`,
  salePrice: `${10 + number}.50`,
  purchasePrice: `${5 + number}.25`,
  salesTaxCode: 'GST',
  isSold: true,
  isPurchased: true,
}))

export const customers = from1to(25).map((number) => ({
  id: `customer-${number}`,
  name: `${pick(towns, number)} ${pick(trades, Math.floor(number / 5))} ${padded(number)}`,
  email: `accounts${number}@customer.example`,
  phones: [{ kind: 'default', number: `+61 2 5550 ${padded(number, 4)}` }],
  addresses: [
    { kind: 'billing', lines: [`${number} Harbour Street`], city: pick(towns, number), country: 'Australia' },
  ],
  terms: { kind: 'DAYSAFTERBILLDATE', days: 14 },
}))

export const vendors = from1to(10).map((number) => ({
  id: `vendor-${number}`,
  name: `Supplier ${padded(number)} Pty Ltd`,
  email: `orders${number}@vendor.example`,
}))

/** The one that Xero would refuse: its currency is not enabled in the organisation. */
export const faultyInvoiceId = 'invoice-42'

/** `today` as YYYY-MM-DD. */
export const invoices = (today: string) =>
  from1to(60).map((number) => ({
    id: `invoice-${number}`,
    number: `INV-${padded(number, 4)}`,
    customerId: `customer-${(number % 25) + 1}`,
    date: today,
    shipDate: today,
    customerPo: `PO-${1000 + number}`,
    status: 'shipped',
    ...(`invoice-${number}` === faultyInvoiceId ? { currency: 'EUR', exchangeRate: '0.6' } : {}),
    lines: from1to((number % 3) + 1).map((line) => ({
      id: String(line),
      itemId: `item-${((number + line * 7) % 39) + 1}`,
      quantity: String(line),
      unitPrice: `${10 + line}.95`,
      taxCode: 'GST',
    })),
  }))

/** Two of each vendor; the vendor's number may come twice. */
export const bills = (today: string) =>
  from1to(20).map((number) => ({
    id: `bill-${number}`,
    number: `RCV-${padded(number, 4)}`,
    vendorId: `vendor-${(number % 10) + 1}`,
    vendorInvoiceNumber: `V-${100 + (number % 10)}`,
    date: today,
    receiveDate: today,
    status: 'received',
    lines: from1to((number % 3) + 1).map((line) => ({
      id: String(line),
      itemId: `item-${((number + line * 7) % 39) + 1}`,
      quantity: String(10 * line),
      unitPrice: `${5 + line}.25`,
      taxCode: 'GST',
    })),
    otherCharges: [{ description: 'Freight', amount: '12.00', taxCode: 'GST' }],
  }))

export const settings = {
  items: { inventoryMode: 'sync_inventory', accounts: { income: '200', expense: '300' } },
  invoices: { accounts: { sales: '200', shipping: '260' }, taxMap: { GST: 'OUTPUT' } },
  vendors: { accounts: { purchases: '300', otherCharges: '425' }, taxMap: { GST: 'INPUT' } },
}
