// Several test files in one process, one after the other: a file is read when the tests of the one before have ended. Tap ends
// its report as soon as nothing is left to do, and would lose the tests of a file that is still opening its database.
import t from 'tap'

interface Gate {
  /** Everything before it has ended. */
  readonly reached: Promise<void>
  open(): void
}

function gate(title: string): Gate {
  const reached = Promise.withResolvers<void>()
  const opened = Promise.withResolvers<void>()
  t.test(title, async () => {
    reached.resolve()
    await opened.promise
  })
  return { reached: reached.promise, open: opened.resolve }
}

/** `mark` begins the title of the tests that stand where a file begins, so that whoever counts tests can tell them apart. */
export async function inTurn(files: readonly string[], mark: string): Promise<void> {
  let current = gate(`${mark}${files[0]}`)
  for (const [place, file] of files.entries()) {
    await current.reached
    await import(file)
    const next = gate(`${mark}${files[place + 1] ?? 'end'}`)
    current.open()
    current = next
  }
  await current.reached
  current.open()
}
