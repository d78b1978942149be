// Blanks what looks like a secret inside any text: JSON Web Tokens, bearer and basic credentials, our own API keys, and
// one-time values in query strings. The last net before a line is written; a text without secrets comes back unchanged.

const patterns: readonly (readonly [RegExp, string])[] = [
  [/eyJ[A-Za-z0-9_-]{5,}(?:\.[A-Za-z0-9_-]*){0,4}/g, '[token]'],
  [/\b(Bearer|Basic) +[A-Za-z0-9._~+/=-]{6,}/gi, '$1 [redacted]'],
  [/\bxsk_[A-Za-z0-9_-]+/g, '[api-key]'],
  [
    /([?&](?:code|state|completion_code|completionCode|access_token|refresh_token|id_token)=)[^&\s"'\\]+/gi,
    '$1[redacted]',
  ],
]

export const scrub = (text: string): string =>
  patterns.reduce((result, [pattern, replacement]) => result.replace(pattern, replacement), text)
