// The shell of the few pages that a person sees. No script, no outside address; everything put in is escaped.

const escapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}
export const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (character) => escapes[character] ?? '')

const style = `body{font:16px/1.5 system-ui,sans-serif;color:#1f2933;background:#f5f7fa;margin:0}
main{max-width:36rem;margin:12vh auto;padding:2rem;overflow-wrap:anywhere;background:#fff;border-radius:.5rem;box-shadow:0 1px 4px #0002}
h1{font-size:1.4rem;margin-top:0}dt{color:#52606d}dd{margin:0 0 .8rem}code,pre{font:13px/1.5 ui-monospace,monospace}
@media(max-width:40rem){main{margin:1rem;padding:1.25rem}}
pre{background:#f5f7fa;padding:1rem;overflow:auto;border-radius:.3rem}small{color:#52606d}`

/** Two arrows round: the icon of a tab. */
export const icon = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="6" fill="#0b5cad"/>
<path d="M9 14a7.5 7.5 0 0 1 13-3m1-4v5h-5M23 18a7.5 7.5 0 0 1-13 3m-1 4v-5h5" fill="none" stroke="#fff" stroke-width="2.5"/></svg>`

/** `body` is HTML already. */
export const page = (title: string, body: string): string => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>${escapeHtml(title)}</title>
<link rel="icon" href="/favicon.ico" type="image/svg+xml">
<style>${style}</style>
</head>
<body><main><h1>${escapeHtml(title)}</h1>
${body}
</main></body>
</html>
`
