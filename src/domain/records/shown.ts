// Records as they are shown. What may be handed over is limited by what Xero takes; what is held may come from Xero itself,
// which has other limits at other doors, or from an older version of this service. So a shown record has the fields and
// types of a handed-over one and none of its limits, and a stored body always fits.
import type { TSchema } from 'typebox'
import { type RecordType, recordTypes } from '../entity-types.ts'
import { recordSchemas } from './schemas.ts'

interface Node {
  readonly type?: string
  readonly enum?: readonly unknown[]
  readonly description?: string
  readonly properties?: Readonly<Record<string, Node>>
  readonly items?: Node
}

function withoutLimits({ type, enum: allowed, description, properties, items }: Node): Node {
  return {
    type: type ?? (allowed ? 'string' : 'object'),
    ...(description !== undefined && { description }),
    ...(properties && {
      properties: Object.fromEntries(Object.entries(properties).map(([name, node]) => [name, withoutLimits(node)])),
    }),
    ...(items && { items: withoutLimits(items) }),
  }
}

const shownSchema = (type: RecordType): TSchema =>
  ({
    ...withoutLimits(recordSchemas[type] as Node),
    description:
      `The ${type} as it is held: every field may be absent, and values that were taken from Xero may be longer or of ` +
      'another form than a request may send. Decimals are shown as they were sent (12.50, not 12.5); those from Xero without superfluous zeros.',
  }) as TSchema

export const shownSchemas = Object.fromEntries(recordTypes.map((type) => [type, shownSchema(type)])) as Readonly<
  Record<RecordType, TSchema>
>

type Show = (value: unknown) => unknown

/** Made once for each type: lists show tens of thousands of lines. */
function showOf({ type, properties, items }: Node): Show {
  switch (type) {
    case 'object': {
      const fields = Object.entries(properties ?? {}).map(([name, child]) => [name, showOf(child)] as const)
      return (value) => {
        if (value === null || typeof value !== 'object' || Array.isArray(value)) return undefined
        const made: Record<string, unknown> = {}
        for (const [name, show] of fields) {
          const child = show((value as Record<string, unknown>)[name])
          if (child !== undefined) made[name] = child
        }
        return made
      }
    }
    case 'array': {
      const show = showOf(items ?? {})
      return (value) => (Array.isArray(value) ? value.map(show).filter((entry) => entry !== undefined) : undefined)
    }
    case 'integer':
      return (value) => (Number.isInteger(value) ? value : undefined)
    default:
      return (value) => (typeof value === type ? value : undefined)
  }
}

const shows = Object.fromEntries(recordTypes.map((type) => [type, showOf(shownSchemas[type] as Node)])) as Readonly<
  Record<RecordType, Show>
>

/** A stored body as it is shown: without what is no field of the type, or no value of the field's type. */
export const shownRecord = (type: RecordType, body: unknown): Record<string, unknown> =>
  (shows[type](body) ?? {}) as Record<string, unknown>
