// The product's side of the API: plain fetch calls with the key, as any backend would make them.

export interface Client {
  // biome-ignore lint/suspicious/noExplicitAny: the demo reads answers as a script in any language would
  call(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<any>
}

export function client(url: string, key: string): Client {
  return {
    async call(method, path, body, headers = {}) {
      const answer = await fetch(url + path, {
        method,
        headers: {
          authorization: `Bearer ${key}`,
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          ...headers,
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      })
      const text = await answer.text()
      if (!answer.ok) throw new Error(`${method} ${path} answered ${answer.status}: ${text}`)
      return text === '' ? null : JSON.parse(text)
    },
  }
}
