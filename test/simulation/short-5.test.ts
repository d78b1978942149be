// Schedules of part 5: see short.ts.
import t from 'tap'
import { playPart } from './short.ts'

await playPart(t, 5)
