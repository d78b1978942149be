// Writing a batch: one object, a collection, or a list of them; element by element; all or nothing when summarizeErrors is on,
// which is Xero's default.
import { isObject, type JsonObject } from '../json.ts'
import { type Answer, ok, refusal } from './answer.ts'
import type { Call } from './call.ts'
import { unknownMembers } from './fields.ts'
import type { ListBehaviour } from './lists.ts'

const mostElements = 500

export type Outcome = { view: JsonObject; warnings?: string[] } | { problems: string[]; echo: JsonObject }

/** The elements of a request: `{"Contacts":[…]}`, `[…]` or one object. */
export function elementsOf(call: Call, behaviour: ListBehaviour): JsonObject[] {
  const body = call.body
  if (body === undefined)
    throw refusal(
      'NoDataProcessedException',
      `No data has been processed for this endpoint. This endpoint is expecting ${behaviour.shape} data to be specifed in the request body.`,
    )
  const wrapped = isObject(body) ? body[behaviour.collection] : undefined
  if (isObject(body) && wrapped !== undefined)
    for (const name of Object.keys(body)) if (name !== behaviour.collection) call.unknown.push(`body.${name}`)
  const content = wrapped ?? body
  const list: unknown[] = Array.isArray(content) ? content : [content]
  if (!list.every(isObject))
    throw refusal(
      'PostDataInvalidException',
      'JSON for post data was invalid: an object or a list of objects is expected',
    )
  if (list.length === 0 || (list.length === 1 && Object.keys(list[0] ?? {}).length === 0))
    throw refusal(
      'NoDataProcessedException',
      `No data has been processed for this endpoint. This endpoint is expecting ${behaviour.shape} data to be specifed in the request body.`,
    )
  if (list.length > mostElements)
    throw refusal(
      'PostDataInvalidException',
      `A maximum of ${mostElements} ${behaviour.collection} may be sent at once`,
    )
  call.unknown.push(...unknownMembers(list, behaviour.shape, behaviour.collection))
  return list
}

const messages = (problems: string[]) => problems.map((Message) => ({ Message }))

export function writeBatch(
  call: Call,
  behaviour: ListBehaviour,
  elements: JsonObject[],
  write: (element: JsonObject) => Outcome,
): Answer {
  const failed: JsonObject[] = []
  const summarize = call.query.get('summarizeErrors')?.toLowerCase() !== 'false'
  const answers = elements.map((element) => {
    const before = call.transaction.savepoint()
    const outcome = write(element)
    if ('view' in outcome) {
      const warnings = outcome.warnings?.length ? { Warnings: messages(outcome.warnings) } : {}
      if (summarize) return { ...outcome.view, ...warnings }
      return { ...outcome.view, StatusAttributeString: outcome.warnings?.length ? 'WARNING' : 'OK', ...warnings }
    }
    call.transaction.rollback(before)
    const flag = behaviour.shape === 'Invoice' ? { HasErrors: true } : { HasValidationErrors: true }
    const view = {
      ...outcome.echo,
      ...flag,
      ...(summarize ? {} : { StatusAttributeString: 'ERROR' }),
      ValidationErrors: messages(outcome.problems),
      ...(behaviour.shape === 'Invoice' ? { Warnings: [] } : {}),
    }
    failed.push(view)
    return view
  })
  if (summarize && failed.length > 0)
    throw refusal('ValidationException', 'A validation exception occurred', 400, failed)
  return ok(call.world.app.name, call.at, behaviour.collection, answers)
}
