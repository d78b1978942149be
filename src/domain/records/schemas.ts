// Schemas of the record bodies as they are handed over, by type.
import { Bill } from './bill.ts'
import { Customer } from './customer.ts'
import { Invoice } from './invoice.ts'
import { Item } from './item.ts'
import { Vendor } from './vendor.ts'

export const recordSchemas = { item: Item, customer: Customer, vendor: Vendor, invoice: Invoice, bill: Bill } as const
