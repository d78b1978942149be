// Return URLs are compared part by part, never as a prefix of a text: "https://shop.example.evil.test" and
// "https://shop.example@evil.test" begin like an allowed one. The query is the product's own and is free.
import { problem } from './errors.ts'

/** Whether a return URL has scheme, host, port and path of an allowed one. */
export function isAllowedReturnUrl(wanted: string, allowed: readonly string[]): boolean {
  // Browsers read "\" as "/", and drop tabs and line ends: what is checked must be what is opened.
  if (/[\\\s]/.test(wanted) || !URL.canParse(wanted)) return false
  const url = new URL(wanted)
  if (url.username !== '' || url.password !== '' || url.hash !== '') return false
  return allowed.some((entry) => {
    const { origin, pathname } = new URL(entry)
    return url.origin === origin && url.pathname === pathname
  })
}

/** The URL to return to: the wanted one, or the first that is allowed. Throws where the wanted one is not allowed. */
export function allowedReturnUrl(wanted: string | null, allowed: readonly string[]): string | null {
  if (wanted === null) return allowed[0] ?? null
  if (isAllowedReturnUrl(wanted, allowed)) return wanted
  throw problem('validation_failed', 'The return URL is not on the allow list.', {
    errors: [
      {
        pointer: '/returnUrl',
        detail: 'Not one of the allowed return URLs.',
        action: 'Use scheme, host, port and path of one that RETURN_URLS of the service lists; the query is free.',
      },
    ],
  })
}
