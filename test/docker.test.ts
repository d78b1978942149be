// What of the image can be told without an engine: its stages, its user, its signal, its health check, and that nothing
// secret and nothing unpinned gets in.
import { existsSync, readFileSync } from 'node:fs'
import t from 'tap'

const dockerfile = readFileSync('Dockerfile', 'utf8')
const ignore = readFileSync('.dockerignore', 'utf8')

/** Instructions, continued lines joined, without comments. */
const instructions = dockerfile
  .replaceAll(/^#.*\n/gm, '')
  .replaceAll(/\\\n\s*/g, '')
  .split('\n')
  .filter(Boolean)
const all = (name: string): string[] =>
  instructions.filter((line) => line.startsWith(`${name} `)).map((line) => line.slice(name.length + 1))
const stages = all('FROM')
/** From the last FROM on: what ends up in the image. */
const runtime = instructions.slice(instructions.findLastIndex((line) => line.startsWith('FROM ')))
const ofRuntime = (name: string): string[] =>
  runtime.filter((line) => line.startsWith(`${name} `)).map((line) => line.slice(name.length + 1))

t.test('given the Dockerfile, then it has stages on one image of the version of Node that is pinned', async (t) => {
  t.ok(stages.length >= 2, 'several stages')
  const { devDependencies } = JSON.parse(readFileSync('package.json', 'utf8')) as Record<string, Record<string, string>>
  const images = new Set(stages.map((stage) => stage.split(' AS ')[0] ?? ''))
  t.equal(images.size, 1, 'the same everywhere')
  for (const image of images) {
    const [version, digest = ''] = image.split('@')
    t.equal(version, `node:${devDependencies?.node}-bookworm-slim`)
    t.match(digest, /^sha256:[0-9a-f]{64}$/)
  }
  t.notMatch(dockerfile, /:latest\b/)
  t.equal(readFileSync('.nvmrc', 'utf8').trim(), '24', 'the version of development')
})

t.test('given the runtime stage, then it holds the compiled program and production dependencies only', async (t) => {
  const copies = ofRuntime('COPY')
  t.same(
    copies.map((line) => line.split(' ').at(-1)),
    ['node_modules', 'dist', './'],
  )
  t.ok(
    instructions.some((line) => line.startsWith('RUN npm ci --omit=dev')),
    'its dependencies are installed without those of development',
  )
  t.notOk(
    ofRuntime('RUN').some((line) => line.includes('npm')),
    'nothing is installed in it',
  )
  for (const line of instructions) t.notMatch(line, /^RUN .*\bnpm install\b/, 'only what the lock file names')
})

t.test('given the runtime stage, then it runs unprivileged, is told to stop and asked for its health', async (t) => {
  t.same(ofRuntime('USER'), ['node'])
  t.same(ofRuntime('STOPSIGNAL'), ['SIGTERM'])
  t.same(ofRuntime('VOLUME'), ['/data'])
  t.match(ofRuntime('ENV').join(' '), 'NODE_ENV=production')
  t.match(ofRuntime('ENV').join(' '), 'DATA_DIR=/data')
  const user = runtime.indexOf('USER node')
  t.ok(runtime.findIndex((line) => line.startsWith('RUN ')) < user, '/data is made by root, before')
  const [health = ''] = ofRuntime('HEALTHCHECK')
  t.match(health, '/health/live')
  const [, command = ''] = health.split(' CMD ')
  t.equal((JSON.parse(command) as string[])[0], 'node', 'no shell, and nothing that the slim image lacks')
})

t.test('given the command, then it is Node itself, and the file that the build makes', async (t) => {
  const [command = ''] = ofRuntime('CMD')
  t.same(JSON.parse(command), ['node', 'dist/src/main.js'])
  t.same(ofRuntime('ENTRYPOINT'), [])
  const build = JSON.parse(readFileSync('tsconfig.build.json', 'utf8'))
  t.equal(build.compilerOptions.outDir, 'dist')
  t.ok(build.include.includes('migrations'), 'the migrations are compiled too')
  t.ok(existsSync('src/main.ts'))
})

t.test('given what is copied from outside, then the context lets it in, and nothing else', async (t) => {
  const copied = all('COPY')
    .filter((line) => !line.startsWith('--from'))
    .flatMap((line) => line.split(' ').slice(0, -1))
  const lines = ignore.split('\n').filter((line) => line && !line.startsWith('#'))
  t.equal(lines[0], '*', 'closed by default')
  const allowed = lines.filter((line) => line.startsWith('!')).map((line) => line.slice(1))
  t.same(allowed.sort(), [...new Set(copied)].sort())
  t.ok(lines.includes('**/.env'))
})

t.test('given every instruction, then none carries a secret', async (t) => {
  for (const line of instructions) t.notMatch(line, /SECRET|API_KEY|ENCRYPTION_KEYS|PASSWORD|TOKEN/i, line)
  t.same(all('ARG'), [], 'build arguments stay in the history of an image')
})

t.test('given the documents, when they run the image, then with nothing that it does not need', async (t) => {
  const commands = ['README.md', 'docs/operations.md'].flatMap(
    (file) => readFileSync(file, 'utf8').match(/docker run [^`\n]*/g) ?? [],
  )
  t.ok(commands.length > 0)
  for (const command of commands)
    for (const wanted of ['--read-only', '--cap-drop ALL', '--security-opt no-new-privileges'])
      t.match(command, wanted, command)
})
