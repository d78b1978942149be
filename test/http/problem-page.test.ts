// Pages about a problem are for the person at the browser: whatever the code, they say nothing that only a developer or an
// operator can use.
import t from 'tap'
import { type ProblemCode, problem, problems } from '../../src/domain/errors.ts'
import { problemPage } from '../../src/http/pages/problem-page.ts'

const forOthers =
  /curl|api -X|\b(?:GET|POST|PUT|PATCH|DELETE)\b|[A-Z]+_[A-Z_]+|If-Match|Retry-After|JSON|pointer|sslmode/

t.test('given any code, when a person sees its page, then nothing on it is for developers or operators', async (t) => {
  for (const code of Object.keys(problems) as ProblemCode[]) {
    const detail = 'The database that DATABASE_URL names does not exist (3D000).'
    const page = problemPage(problem(code, detail, { action: "curl -X POST '…'" }), 'request-1')
    const [, shown = ''] = /<main>(.*)<\/main>/s.exec(page) ?? []
    t.notMatch(shown.replace(/<small>.*<\/small>/s, ''), forOthers, code)
    t.notMatch(page, /DATABASE_URL|3D000|curl/, code)
    t.match(shown, /Please|Wait|Open the whole link/, `${code} has advice`)
    t.match(shown, new RegExp(`${code} · request request-1`), 'the operator finds it by this')
  }
})
