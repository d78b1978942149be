// The SDK's models as plain data, so that a mapping is checked against the SDK's field names without loading the SDK. Its
// declarations call its enums numeric while their values are texts: here they are texts.

type IsNumber<T> = (<X>() => X extends T ? 1 : 2) extends <X>() => X extends number ? 1 : 2 ? true : false

export type Plain<T> = T extends string | boolean | Date
  ? T
  : T extends number
    ? IsNumber<T> extends true
      ? number
      : string
    : T extends (infer E)[]
      ? Plain<E>[]
      : { [K in keyof T]: Plain<T[K]> }

/** Money and quantities are number literals in Xero's JSON; the digits stay as they are. */
export { numberLiteral } from '../../../lib/json.ts'
