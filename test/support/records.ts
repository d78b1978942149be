// Records as an inventory product hands them over, and settings that fit the simulator's first organisation.

export const settingsForDemoOrganisation = {
  items: { accounts: { income: '200', expense: '300' } },
  invoices: { accounts: { sales: '200', shipping: '260', discount: '200' }, taxMap: { GST: 'OUTPUT' } },
  vendors: { accounts: { purchases: '300', otherCharges: '425' }, taxMap: { GST: 'INPUT' } },
}

type More = Readonly<Record<string, unknown>>

export const customer = (id: string, more: More = {}) => ({
  id,
  name: `Customer ${id}`,
  email: `${id}@example.com`,
  ...more,
})

export const item = (id: string, more: More = {}) => ({
  id,
  kind: 'inventory',
  code: `SKU-${id}`,
  name: `Item ${id}`,
  salePrice: '12.50',
  ...more,
})

export const vendor = (id: string, more: More = {}) => ({
  id,
  name: `Vendor ${id}`,
  email: `${id}@vendor.example.com`,
  ...more,
})

export const bill = (id: string, vendorId: string, itemIds: readonly string[], more: More = {}) => ({
  id,
  number: `RCV-${id}`,
  vendorId,
  vendorInvoiceNumber: `V-${id}`,
  date: '2026-11-20',
  receiveDate: '2026-11-21',
  status: 'received',
  lines: itemIds.map((itemId, index) => ({
    id: String(index + 1),
    itemId,
    description: `Line of ${itemId}`,
    quantity: '2',
    unitPrice: '7.25',
    taxCode: 'GST',
  })),
  ...more,
})

export const invoice = (id: string, customerId: string, itemIds: readonly string[], more: More = {}) => ({
  id,
  number: `INV-${id}`,
  customerId,
  date: '2026-11-20',
  shipDate: '2026-11-21',
  status: 'shipped',
  lines: itemIds.map((itemId, index) => ({
    id: String(index + 1),
    itemId,
    description: `Line of ${itemId}`,
    quantity: '2',
    unitPrice: '12.50',
    taxCode: 'GST',
  })),
  ...more,
})
