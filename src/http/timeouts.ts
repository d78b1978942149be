// Time limits. Node closes a socket that is idle for connectionTimeout, so it has to outlast the slowest handler.

export const serverTimeouts = {
  /** To receive a whole request, headers and body. A slow sender does not hold a socket for ever. */
  requestTimeout: 60_000,
  connectionTimeout: 120_000,
  keepAliveTimeout: 72_000,
  /** For a handler that only asks our own database. */
  handlerTimeout: 25_000,
}

/** Spread into the options of a route whose handler waits for Xero. */
export const callsXero = { handlerTimeout: 100_000 }
