// Schedules of part 3: see short.ts.
import t from 'tap'
import { playPart } from './short.ts'

await playPart(t, 3)
