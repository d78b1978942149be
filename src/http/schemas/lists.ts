// Shapes that lists share: the envelope, limit and cursor.
import { type TSchema, Type } from 'typebox'

export const nullable = <T extends TSchema>(schema: T, description: string) =>
  Type.Union([schema, Type.Null()], { description })

export const instant = (description: string) => Type.String({ format: 'date-time', description })

/** One page of a list. */
export const pageOf = <T extends TSchema>(entry: T, what: string) =>
  Type.Object(
    {
      items: Type.Array(entry, { description: `The ${what} of this page.` }),
      nextCursor: nullable(Type.String(), 'Pass it as cursor to get the next page; null on the last page.'),
    },
    { description: `A page of ${what}.` },
  )

export const listParameters = {
  limit: Type.Optional(
    Type.Integer({
      minimum: 1,
      maximum: 200,
      default: 50,
      description:
        'How many entries a page holds at most. Where they are long, a page ends sooner, at about 1 MB; follow nextCursor.',
    }),
  ),
  cursor: Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 1000,
      description: 'nextCursor of the page before; bound to its list and filter. Absent: the first page.',
    }),
  ),
}

type Properties = Record<string, TSchema>

/** A query: unknown parameters are refused, because a misspelt filter would quietly return everything. */
export const queryOf = <P extends Properties>(parameters: P) => Type.Object(parameters, { additionalProperties: false })

export const listQuery = queryOf(listParameters)
