// Examples for parameters, of the same story as those for bodies: the connection, the records and the key are the same ones.
import { exampleOf, type JsonSchema } from './examples.ts'

const records: Readonly<Record<string, string>> = {
  items: 'item-2001',
  customers: 'cust-1001',
  vendors: 'vend-3001',
  invoices: 'inv-9001',
  bills: 'bill-4001',
}

/** Values by the parameter's name, for those of which the schema says no more than that they are texts. */
const byName: Readonly<Record<string, string>> = {
  'if-match': '"3"',
  'if-none-match': '"3"',
  sessionToken: 's_Qm9vVtL3xY7k',
  connectionId: '01936f5a-7c1e-7b3a-9f4d-2a6b8c0d1e2f',
  cursor: 'bz1hIUM1OHVRd2xNTnNaT1ZkQ0t6bTVxYQ',
  code: 'cc_4f8Zk2vQ9xW1',
  error: 'access_denied',
  search: 'bicycles',
}

/** A record of the path's type, and a customer where any type will do. */
const recordOf = (path: string): string =>
  Object.entries(records).find(([list]) => path.includes(`/${list}/`))?.[1] ?? 'cust-1001'

export function parameterExample(name: string, schema: JsonSchema, path: string): unknown {
  if (name === 'recordId') return recordOf(path)
  if (schema.enum || schema.items) return exampleOf(schema)
  if (name === 'state') return 'st_7Jq2mX9rT4bL'
  return byName[name] ?? exampleOf(schema)
}
