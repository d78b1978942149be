// The pages that a browser sees: consent, and the error page that Xero shows instead of redirecting to a wrong address.
// Plain HTML forms, no script.
import type { Organisation } from '../state.ts'
import type { User, World } from '../world.ts'

export const escapeHtml = (value: string) => value.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)

const style = `
  body { margin: 0; font: 16px/1.5 system-ui, sans-serif; background: #f2f3f4; color: #1c2733 }
  main { max-width: 26rem; margin: 8vh auto; padding: 2rem; background: #fff; border-radius: 6px;
         box-shadow: 0 1px 3px rgb(0 10 30 / .2) }
  h1 { font-size: 1.25rem; margin: 0 0 1rem } fieldset { border: 0; padding: 0; margin: 1rem 0 }
  legend { font-weight: 600; padding: 0 } label { display: block; padding: .4rem 0 }
  ul { padding-left: 1.2rem; font-size: .9rem; color: #404756 } small, .who { color: #59606d; font-size: .85rem }
  button { display: block; width: 100%; padding: .7rem; margin-top: .6rem; font: inherit; border-radius: 4px;
           border: 1px solid #a6a9b0; background: #fff; cursor: pointer }
  button.allow { background: #0078c8; border-color: #0078c8; color: #fff; font-weight: 600 }
  .ribbon { background: #fff4d1; font-size: .8rem; text-align: center; padding: .3rem }`

const page = (title: string, content: string) => `<!DOCTYPE html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)}</title><style>${style}</style></head>
<body><header class="ribbon">Simulator: this is not Xero. Nothing here touches real books.</header>
<main>${content}</main></body>
</html>
`

const meanings: Record<string, string> = {
  'accounting.contacts': 'View and manage your contacts',
  'accounting.invoices': 'View and manage your invoices, bills and items',
  'accounting.payments': 'View and manage your payments',
  'accounting.manualjournals': 'View and manage your manual journals',
  'accounting.settings': 'View and manage your organisation settings',
  'accounting.settings.read': 'View your organisation settings',
  offline_access: 'Keep access while you are away',
}

export function consentPage(
  world: World,
  requestId: string,
  user: User,
  organisations: Organisation[],
  scopes: string[],
  others: { user: User; address: string }[],
): string {
  const kind = world.app.bulkConnections ? 'checkbox' : 'radio'
  const connected = new Set(
    [...world.connections.values()].filter(({ userId }) => userId === user.id).map(({ tenantId }) => tenantId),
  )
  const proposed = organisations.find(({ id }) => !connected.has(id)) ?? organisations[0]
  const choices = organisations.map(
    (one) => `<label><input type="${kind}" name="organisation" value="${one.id}"${one === proposed ? ' checked' : ''}>
${escapeHtml(one.profile.name)}${connected.has(one.id) ? ' <small>(already connected)</small>' : ''}</label>`,
  )
  const wishes = scopes.flatMap((scope) => (meanings[scope] ? [`<li>${meanings[scope]}</li>`] : []))
  const switches = others.map((one) => `<a href="${escapeHtml(one.address)}">${escapeHtml(one.user.name)}</a>`)
  const app = escapeHtml(world.app.name)
  return page(
    `${world.app.name} wants access`,
    `<h1>${app} wants access to your organisation</h1>
<p class="who">Signed in as ${escapeHtml(user.name)} (${escapeHtml(user.email)})${
      switches.length > 0 ? `. Continue as ${switches.join(', ')}` : ''
    }</p>
<form method="post" action="/identity/connect/consent">
<input type="hidden" name="request" value="${requestId}">
<fieldset><legend>Select ${world.app.bulkConnections ? 'one or more organisations' : 'an organisation'}</legend>
${choices.join('\n') || '<p>You have no organisation to connect.</p>'}</fieldset>
<p>${app} asks to:</p><ul>${wishes.join('') || '<li>Know who you are</li>'}</ul>
<button class="allow" name="decision" value="allow">Allow access</button>
<button name="decision" value="cancel">Cancel and go back</button>
</form>`,
  )
}

export const errorPage = (code: string, detail: string) =>
  page(
    'Sorry, something went wrong',
    `<h1>Sorry, something went wrong</h1><p>Error: ${escapeHtml(code)}</p><p>${escapeHtml(detail)}</p>`,
  )
