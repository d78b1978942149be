import t from 'tap'
import { openWorld } from './support/house.ts'
const c=()=>{const u=process.cpuUsage();return (u.user+u.system)/1000}
t.test('x', async t=>{ for (let i=0;i<6;i++){ await t.test('y', async t=>{ let a=c(); const w=await openWorld(t); let b=c(); console.error('open',b-a); const id=await w.connect(); console.error('connect',c()-b); const d=c(); await w.work(); console.error('work',c()-d)}) } })
