// Checks requests against Xero's official API description: path, method, query parameters, headers and the fields of
// bodies. The description is not part of this repository; where it is absent, the check says that it was skipped.
import { existsSync, readFileSync } from 'node:fs'
import { parse } from 'yaml'
import type { Asked } from './scripted.ts'

interface Schema {
  readonly $ref?: string
  readonly type?: string
  readonly enum?: readonly string[]
  readonly maxLength?: number
  readonly readOnly?: boolean
  readonly properties?: Readonly<Record<string, Schema>>
  readonly items?: Schema
}
interface Parameter {
  readonly in: string
  readonly name: string
}
interface Operation {
  readonly parameters?: readonly Parameter[]
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: Schema }>> }
}
interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> }
}

const file = new URL('../../../../shared/xero/openapi/xero_accounting.yaml', import.meta.url)
const base = '/api.xro/2.0'

/** Headers of plain HTTP. */
const usual =
  'accept accept-encoding authorization connection content-length content-type host user-agent transfer-encoding'.split(
    ' ',
  )

const read = (): Document | null =>
  existsSync(file) ? (parse(readFileSync(file, 'utf8'), { maxAliasCount: -1 }) as Document) : null

export const officialSchema = (name: string): Schema | undefined => read()?.components.schemas[name]

export function officialDescription(): { faultsOf(asked: Asked): string[] } | null {
  const document = read()
  if (document === null) return null
  const deref = <T extends object>(node: T): T => {
    const ref = (node as { $ref?: string }).$ref
    if (ref === undefined) return node
    const target = ref
      .slice(2)
      .split('/')
      .reduce<unknown>((at, key) => (at as Record<string, unknown>)[key], document)
    return deref(target as T)
  }

  const bodyFaults = (value: unknown, node: Schema, at: string): string[] => {
    const schema = deref(node)
    if (Array.isArray(value)) return value.flatMap((entry) => bodyFaults(entry, schema.items ?? {}, `${at}[]`))
    if (value === null) return [`${at} is null`]
    if (typeof value === 'object') {
      return Object.entries(value).flatMap(([key, child]) => {
        const found = schema.properties?.[key]
        if (!found) return [`${at}.${key} is not a field`]
        return [...(found.readOnly ? [`${at}.${key} is read-only`] : []), ...bodyFaults(child, found, `${at}.${key}`)]
      })
    }
    const type = schema.type === 'integer' ? 'number' : schema.type
    if (type !== typeof value) return [`${at} is a ${typeof value}, not a ${schema.type}`]
    if (schema.enum && value !== '' && !schema.enum.includes(String(value))) return [`${at} is not one of its values`]
    return schema.maxLength && String(value).length > schema.maxLength ? [`${at} is too long`] : []
  }

  return {
    faultsOf({ method, path, query, headers, body }) {
      const where = path.slice(base.length)
      const fits = (template: string) => new RegExp(`^${template.replace(/\{[^}]+\}/g, '[^/]+')}$`).test(where)
      const template = where in document.paths ? where : Object.keys(document.paths).find(fits)
      const item = template === undefined ? undefined : document.paths[template]
      const operation = item?.[method.toLowerCase()]
      if (!path.startsWith(base) || !operation) return [`${method} ${path} is not described`]
      const parameters = [...((item?.parameters as unknown as Parameter[]) ?? []), ...(operation.parameters ?? [])].map(
        deref,
      )
      const named = (kind: string) => parameters.filter((p) => p.in === kind).map((p) => p.name.toLowerCase())
      const queries = [...query.keys()]
        .filter((name) => !parameters.some((p) => p.in === 'query' && p.name === name))
        .map((name) => `${method} ${path} has no parameter ${name}`)
      const strange = Object.keys(headers)
        .filter((name) => !usual.includes(name) && !named('header').includes(name))
        .map((name) => `${method} ${path} has no header ${name}`)
      const schema = operation.requestBody?.content['application/json']?.schema
      const bodies =
        body === '' ? [] : schema ? bodyFaults(JSON.parse(body), schema, path) : [`${method} ${path} has no body`]
      return [...queries, ...strange, ...bodies]
    },
  }
}
