// Accessibility of Swagger's pages under /docs, for people who see little or hear the page read: contrast, landmarks, an order of headings
// and names of fields.

const css = `
.swagger-ui .version-stamp pre.version, .swagger-ui .info .title small.version-stamp { background: #3b6e00; color: #fff; }
.swagger-ui .info .title small { background: #595959; }
.swagger-ui .info a, .swagger-ui .info .url, .swagger-ui a.link, .swagger-ui .markdown a { color: #1a5fb4; }
.swagger-ui .btn.authorize { border-color: #147a4b; color: #147a4b; }
.swagger-ui .btn.authorize span { color: #147a4b; }
.swagger-ui .btn.authorize svg { fill: #147a4b; }
.swagger-ui .btn.cancel { border-color: #b3261e; color: #b3261e; }
.swagger-ui .btn.execute { background: #1a5fb4; border-color: #1a5fb4; color: #fff; }
.swagger-ui .opblock .opblock-summary-method { text-shadow: none; }
.swagger-ui .opblock.opblock-get .opblock-summary-method { background: #1a5fb4; }
.swagger-ui .opblock.opblock-post .opblock-summary-method { background: #147a4b; }
.swagger-ui .opblock.opblock-put .opblock-summary-method { background: #8f4e00; }
.swagger-ui .opblock.opblock-patch .opblock-summary-method { background: #0b6e69; }
.swagger-ui .opblock.opblock-delete .opblock-summary-method { background: #b3261e; }
.swagger-ui .parameter__name.required span, .swagger-ui .parameter__name.required::after { color: #b3261e; }
.swagger-ui .parameter__in, .swagger-ui .prop-format, .swagger-ui .parameter__type { color: #595959; }
.swagger-ui .opblock-body { overflow-x: auto; }
.swagger-ui .response-control-media-type__accept-message { color: #147a4b; }
.swagger-ui .opblock-body pre.microlight, .swagger-ui .highlight-code > pre { background: #22272e !important; }
.swagger-ui .highlight-code .hljs-attr, .swagger-ui .highlight-code span { color: #fff !important; }
.swagger-ui [class*='json-schema-2020-12__attribute'] { color: #595959; }
`

/** Runs again whenever the page changed, once a frame: it is drawn piece by piece. */
const js = `
(() => {
  const levels = { '.opblock-tag': 2, '.opblock-section-header h4': 3, '.responses-inner h4': 4, '.responses-inner h5': 4, '.opblock-body h4': 3, '.opblock-body h5': 4, 'section.models h4': 2, '.modal-ux h3': 2, '.modal-ux h4': 3, '.modal-ux h6': 4 }
  const regions = { '.information-container': 'About this API', '.scheme-container': 'Server and access' }
  const name = (element, text) => { if (!element.getAttribute('aria-label')) element.setAttribute('aria-label', text) }
  const mend = () => {
    for (const [selector, text] of Object.entries(regions)) {
      for (const part of document.querySelectorAll(selector)) {
        if (part.getAttribute('role') === 'region') continue
        part.setAttribute('role', 'region')
        name(part, text)
      }
    }
    for (const inner of document.querySelectorAll('.opblock-summary-control a[href], .opblock-summary-control [tabindex]')) {
      inner.removeAttribute('href')
      inner.removeAttribute('tabindex')
    }
    for (const [selector, level] of Object.entries(levels)) {
      for (const heading of document.querySelectorAll(selector)) {
        if (heading.getAttribute('aria-level') === String(level)) continue
        heading.setAttribute('role', 'heading')
        heading.setAttribute('aria-level', level)
      }
    }
    for (const table of document.querySelectorAll('.responses-table')) {
      const text = 'Responses of ' + (table.closest('.opblock')?.id.split('-').at(-1) ?? '')
      if (table.getAttribute('aria-label') === text) continue
      table.removeAttribute('aria-labelledby')
      table.setAttribute('aria-label', text)
    }
    for (const button of document.querySelectorAll('.close-modal')) name(button, 'Close')
    for (const button of document.querySelectorAll('.modal-btn[aria-label]')) button.removeAttribute('aria-label')
    for (const select of document.querySelectorAll('#servers')) name(select, 'Server')
    for (const field of document.querySelectorAll('.swagger-ui select, .swagger-ui input, .swagger-ui textarea')) {
      const row = field.closest('[data-param-name]')
      name(field, row ? row.dataset.paramName : field.placeholder || 'Media type')
    }
    for (const block of document.querySelectorAll('.swagger-ui pre, .swagger-ui .table-container, .swagger-ui .responses-inner')) if (!block.closest('button')) block.tabIndex = 0
  }
  let isDue = false
  const soon = () => {
    if (isDue) return
    isDue = true
    requestAnimationFrame(() => {
      isDue = false
      mend()
    })
  }
  new MutationObserver(soon).observe(document.body, { childList: true, subtree: true })
  mend()
})()
`

export const referenceTheme = {
  title: 'Accounting sync: API reference',
  css: [{ filename: 'reference.css', content: css }],
  js: [{ filename: 'reference.js', content: js }],
}
