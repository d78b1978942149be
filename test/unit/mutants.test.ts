// The run of mutants takes long and is not a part of the suite: this keeps its list in step with the source from day to day.
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { mutants } from '../mutants/mutants.ts'

const root = join(import.meta.dirname, '..', '..')

t.test('given every mutant, when its file is read, then its guard stands there once and changes', async (t) => {
  t.ok(mutants.length > 50, 'the list is there')
  for (const { name, file, guard, without } of mutants) {
    t.equal(readFileSync(join(root, file), 'utf8').split(guard).length - 1, 1, `${name}: ${file}`)
    t.not(without, guard, `${name} takes something away`)
  }
})

t.test('given every mutant, when its test is looked for, then there is one, and no two have one name', async (t) => {
  for (const { name, test } of mutants) t.ok(existsSync(join(root, test)), `${name}: ${test}`)
  t.equal(new Set(mutants.map(({ name }) => name)).size, mutants.length)
})
