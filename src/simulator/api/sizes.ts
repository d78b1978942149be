// What is too large never reaches Xero: the gateway before it answers with a page of its own.
import { Buffer } from 'node:buffer'
import { gatewayPage } from '../answer-fault.ts'
import type { Sizes } from '../world.ts'
import type { Answer } from './answer.ts'

const page = (status: number, title: string): Answer => ({
  status,
  raw: gatewayPage(`${status} ${title}`),
  contentType: 'text/html',
})

export function tooLarge(sizes: Sizes, url: URL, bodyText: string): Answer | undefined {
  if (Buffer.byteLength(bodyText) > sizes.body) return page(413, 'Request Entity Too Large')
  return url.search.length > sizes.query ? page(414, 'Request-URI Too Large') : undefined
}
