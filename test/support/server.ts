// Databases on a PostgreSQL server that allows CREATE DATABASE.
import pg from 'pg'

export const templateName = 'accounting_sync_template'

/** One statement on a connection of its own. */
export async function administer(url: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    await client.query(statement)
  } finally {
    await client.end()
  }
}

const named = (url: string, name: string): string => {
  const changed = new URL(url)
  changed.pathname = `/${name}`
  return changed.toString()
}

/** Creates a database anew, from a template where one is named; returns its URL. */
export async function createDatabase(url: string, name: string, template?: string): Promise<string> {
  await administer(url, `DROP DATABASE IF EXISTS ${name}`)
  await administer(url, `CREATE DATABASE ${name}${template ? ` TEMPLATE ${template}` : ''}`)
  return named(url, name)
}
