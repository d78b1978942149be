// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these texts are source code
// Guards of the engine, each taken away. A suite that still passes then would not have noticed its loss.

export interface Mutant {
  readonly name: string
  /** The file that holds the guard, and its text, which stands there exactly once. */
  readonly file: string
  readonly guard: string
  readonly without: string
  /** The test file that must notice. */
  readonly test: string
  /** The schema itself is changed: the test builds its database by the migrations. */
  readonly changesSchema?: boolean
  /** What only transactions that overlap show. */
  readonly onPostgres?: boolean
}

const writing = 'test/xero/writing.test.ts'
const uncertain = 'test/flows/engine-uncertain.test.ts'
const takeover = 'test/flows/engine-takeover.test.ts'
const tokens = 'test/flows/engine-tokens.test.ts'
const guards = 'test/flows/engine-guards.test.ts'
const limits = 'test/flows/engine-limits.test.ts'
const narrowLimit = 'test/flows/engine-narrow-limit.test.ts'
const bills = 'test/flows/engine-bills.test.ts'
const finding = 'test/xero/finding.test.ts'
const firstRead = 'test/flows/first-read.test.ts'
const connectionHealth = 'test/flows/connection-health.test.ts'
const marker = 'src/domain/posting/marker.ts'
const absence = 'test/flows/engine-absence.test.ts'
const oddAnswers = 'test/flows/engine-odd-answers.test.ts'
const xeroWrite = 'src/accounting/xero/write.ts'
const elements = 'src/accounting/xero/elements.ts'

export const mutants: readonly Mutant[] = [
  {
    name: 'a schedule that does not wait for its zone',
    file: 'src/services/next-run.ts',
    guard: '  if (zone === null && needsZone) return null\n',
    without: '',
    test: firstRead,
  },
  {
    name: 'a first read that begins anew',
    file: 'src/services/first-read.ts',
    guard: ' && known[name] === undefined',
    without: '',
    test: firstRead,
  },
  {
    name: 'a first read beside a job',
    file: 'src/stores/first-reads.ts',
    guard: 'WHERE j.connection_id = connections.id AND j.completed_at IS NULL)`',
    without: 'WHERE false)`',
    test: firstRead,
  },
  {
    name: 'every wait is throttling',
    file: 'src/services/call-problem.ts',
    guard: "code === 'throttled' ? 'xero_throttled' : code === 'application_credentials' ? code : 'xero_unreachable'",
    without: "'xero_throttled'",
    test: connectionHealth,
  },
  {
    name: 'refused credentials leave no trace',
    file: 'src/services/tokens.ts',
    guard: "if (outcome.kind !== 'unknown') await noteCredentials(",
    without: 'if (false) await noteCredentials(',
    test: connectionHealth,
  },
  {
    name: 'candidates without a link',
    file: 'src/services/settlement.ts',
    guard: 'url: linkTo(recordType, candidate.id)',
    without: 'url: null',
    test: 'test/flows/engine-candidates.test.ts',
  },
  {
    name: 'the first complaint decides, not the clearest',
    file: 'src/accounting/xero/messages.ts',
    guard: '.sort((a, b) => a.row - b.row)',
    without: '',
    test: 'test/xero/messages.test.ts',
  },
  {
    name: 'no key header',
    file: xeroWrite,
    guard: 'call.organisationId, model, key))',
    without: 'call.organisationId, model, undefined as never))',
    test: writing,
  },
  {
    name: 'an object as the key',
    file: xeroWrite,
    guard: 'call.organisationId, model, key))',
    without: 'call.organisationId, model, { key } as never))',
    test: writing,
  },
  {
    name: 'a new key for each retry',
    file: 'src/services/writes.ts',
    guard: 'batch.elements.map(toWriteElement), batch.idempotencyKey)',
    without: 'batch.elements.map(toWriteElement), newId())',
    test: uncertain,
  },
  {
    name: 'no look-up before a creation is sent again',
    file: 'src/services/uncertain.ts',
    guard: 'return find(context, batch)\n',
    without: 'return resend(context, batch, anew, from(now(), firstReplayMs))\n',
    test: uncertain,
  },
  {
    name: 'one uncertain write call that is put off holds up the others',
    file: 'src/services/uncertain.ts',
    guard:
      "    // The others have times of their own: the job waits for whichever is due first.\n    return { kind: 'again' }\n",
    without: "    return { kind: 'wait', until: dueAt, reason: 'outcome_unknown' }\n",
    test: uncertain,
  },
  {
    name: 'a connection is not locked',
    file: 'src/services/alone.ts',
    guard: '      await lockConnection(tx, connectionId)\n',
    without: '',
    test: 'test/flows/engine-races.test.ts',
    onPostgres: true,
  },
  {
    name: 'a deletion decides without the lock of its connection',
    file: 'src/services/records.ts',
    guard: '      await alone(db, connectionId, async (tx) => {\n        const record = await findLinkedRecord(',
    without: '      await db.transaction().execute(async (tx) => {\n        const record = await findLinkedRecord(',
    test: 'test/flows/engine-races.test.ts',
    onPostgres: true,
  },
  {
    name: 'a deletion of what is deleted does nothing',
    file: 'src/services/records.ts',
    guard: "if (record.deletedAt !== null && (!mayStand || open.some(({ action }) => action === 'delete'))) return",
    without: 'if (record.deletedAt !== null) return',
    test: 'test/flows/lost-deletions.test.ts',
  },
  {
    name: 'a deletion is not queued again',
    file: 'src/services/queue.ts',
    guard: 'deletedAt !== null && link !== null && !removed.has(id)',
    without: 'deletedAt !== null && link === null && !removed.has(id)',
    test: 'test/flows/lost-deletions.test.ts',
  },
  {
    name: 'a held record is let go with the change beside it',
    file: 'src/services/queue.ts',
    guard: '        if (open.some(isHeldItem)) return\n',
    without: '',
    test: 'test/flows/lost-deletions.test.ts',
  },
  {
    name: 'no quiet period',
    file: 'src/services/writes.ts',
    guard: 'export const quietMs = 7 * 60_000',
    without: 'export const quietMs = 0',
    test: uncertain,
  },
  {
    name: 'replays for ten minutes',
    file: 'src/services/uncertain.ts',
    guard: 'const replayWindowMs = 2 * 60_000',
    without: 'const replayWindowMs = 10 * 60_000',
    test: 'test/flows/engine-regressions.test.ts',
  },
  {
    name: 'one negative look-up is enough',
    file: 'src/services/uncertain.ts',
    guard: 'if (batch.negativeLookups === 0) {',
    without: 'if (batch.negativeLookups < 0) {',
    test: uncertain,
  },
  {
    name: '{} is a success',
    file: xeroWrite,
    guard: "return value ? { kind: 'ok', value, limits } : unknown(answer, 'write')",
    without:
      "return { kind: 'ok', limits, value: value ?? sent.map(() => ({ kind: 'written', warnings: [], remote: { remoteId: key, number: null, status: 'OK', updatedAt: null, lineIds: {} } })) } as never",
    test: 'test/xero/verdicts.test.ts',
  },
  {
    name: 'a refusal with status 200 is a success',
    file: elements,
    guard: '  if (refuses(row)) {',
    without: '  if (row === null) {',
    test: 'test/xero/verdicts.test.ts',
  },
  {
    name: 'elements matched by their place',
    file: elements,
    guard:
      'const row = here && fitting.includes(here) ? here : fitting.length === 1 ? fitting[0] : unmarked ? here : undefined',
    without: 'const row = unmarked || here ? here : undefined',
    test: writing,
  },
  {
    name: 'POST instead of PUT',
    file: 'src/accounting/xero/kinds.ts',
    guard: 'api.createInvoices(organisation, model, false, 4, key)',
    without: 'api.updateOrCreateInvoices(organisation, model, false, 4, key)',
    test: writing,
  },
  {
    name: 'a document with the number is adopted whatever it says',
    file: 'src/services/look-up.ts',
    guard: 'if (hit.differences.length === 0)',
    without: 'if (hit.differences.length >= 0)',
    test: 'test/flows/engine-duplicates.test.ts',
  },
  {
    name: 'a conflict that may be our own document is not remembered',
    file: 'src/services/settlement.ts',
    guard: "operation === 'create' && state === 'uncertain' && sends > 0",
    without: "operation === 'create' && state === 'uncertain' && sends < 0",
    test: 'test/flows/engine-regressions.test.ts',
  },
  {
    name: 'nothing is looked up first after a restore',
    file: 'src/services/export.ts',
    guard: 'if (connection.lookUpFirstSince !== null) return creates',
    without: "if (connection.lookUpFirstSince === '') return creates",
    test: 'test/flows/restored.test.ts',
  },
  {
    name: 'orphans of the sweep are not looked up first',
    file: 'src/services/export.ts',
    guard: 'return creates.filter(({ marker }) => orphans.has(marker))',
    without: "return creates.filter(({ marker }) => orphans.has(marker) && marker === '')",
    test: 'test/flows/restored.test.ts',
  },
  {
    name: 'what Xero said is recorded only while the lease holds',
    file: 'src/services/settlement.ts',
    guard: '  await alone(db, connectionId, async (tx) => {\n',
    without:
      "  await alone(db, connectionId, async (tx) => {\n    if (!(await tx.selectFrom('sync_jobs').select('id').where('id', '=', context.job.id).where('epoch', '=', context.job.epoch).executeTakeFirst())) return\n",
    test: guards,
  },
  {
    name: 'a job is saved without its lease',
    file: 'src/stores/sync-jobs.ts',
    guard:
      "      last_served_at: now,\n    })\n    .where('id', '=', id)\n    .where('epoch', '=', epoch)\n    .where('lease_owner', 'is not', null)\n",
    without: "      last_served_at: now,\n    })\n    .where('id', '=', id)\n",
    test: takeover,
  },
  {
    name: 'a transaction of a job without its lease',
    file: 'src/services/job-context.ts',
    guard: 'if (!(await holdsLease(tx, job.id, job.epoch))) throw',
    without: 'if (!(await holdsLease(tx, job.id, job.epoch)) && job.epoch < 0) throw',
    test: guards,
  },
  {
    name: 'a refusal of an earlier send settles a call that was sent again',
    file: 'src/services/settlement.ts',
    guard: 'if (open.lastSentAt !== batch.lastSentAt && outcomes',
    without: 'if (open.lastSentAt === null && outcomes',
    test: guards,
  },
  {
    name: 'a call is sent however long ago it was put on record',
    file: 'src/services/writes.ts',
    guard: 'if (clock.uptime() - recordedAt > sendWithinMs)',
    without: 'if (clock.uptime() - recordedAt < 0)',
    test: guards,
  },
  {
    name: 'the text of a replay is made anew',
    file: 'src/services/writes.ts',
    guard: 'operation: batch.operation, body: batch.body }',
    without:
      'operation: batch.operation, body: provider.freeze(batch.list, batch.operation, batch.elements.map(toWriteElement)).body }',
    test: guards,
  },
  {
    name: 'of two documents one is taken',
    file: 'src/services/look-up.ts',
    guard: 'if (another && live.length > 1)',
    without: 'if (another && live.length < 0)',
    test: guards,
  },
  {
    name: 'a lease is not renewed',
    file: 'src/services/job-steps.ts',
    guard: 'await extendLease(db, job.id, job.epoch, at(leaseMs))',
    without: 'await extendLease(db, job.id, -1, at(leaseMs))',
    test: guards,
  },
  {
    name: "another's lease of a refresh is released",
    file: 'src/stores/token-sets.ts',
    guard:
      "    .set({ lease_owner: null, lease_until: null })\n    .where('id', '=', id)\n    .where('epoch', '=', epoch)\n",
    without: "    .set({ lease_owner: null, lease_until: null })\n    .where('id', '=', id)\n",
    test: guards,
  },
  {
    name: 'another refresh is not noticed',
    file: 'src/services/tokens.ts',
    guard: 'if (present && present.version !== row.version) return access(row.id)',
    without: 'if (present && present.version < 0) return access(row.id)',
    test: guards,
  },
  {
    name: 'only the access token is saved',
    file: 'src/services/tokens.ts',
    guard: 'sealed: seal(row.id, tokens), accessExpiresAt: at(tokens.expiresIn * 1000), now: now() }',
    without:
      'sealed: seal(row.id, { ...tokens, refreshToken: open(row).refreshToken }), accessExpiresAt: at(tokens.expiresIn * 1000), now: now() }',
    test: tokens,
  },
  {
    name: 'the consent is revoked instead of the connection removed',
    file: 'src/accounting/xero/oauth.ts',
    guard: 'const url = `${config.apiUrl}/connections/${encodeURIComponent(remoteConnectionId)}`',
    without: 'const url = `${config.apiUrl}/connect/revocation?id=${encodeURIComponent(remoteConnectionId)}`',
    test: 'test/xero/oauth.test.ts',
  },
  {
    name: 'one call a minute too many',
    file: 'src/stores/budgets.ts',
    guard: '< ${limits.minute}::int4',
    without: '<= ${limits.minute}::int4',
    test: limits,
  },
  {
    name: 'Retry-After is ignored',
    file: 'src/services/calls.ts',
    guard: 'const seconds = refusal.retryAfterSeconds ?? defaultRetrySeconds[refusal.limit]',
    without: 'const seconds = defaultRetrySeconds[refusal.limit] * 0',
    test: limits,
  },
  {
    name: 'no slot is kept for people',
    file: 'src/services/calls.ts',
    guard: 'Math.max(1, limits.concurrent - 1)',
    without: 'Math.max(1, limits.concurrent)',
    test: guards,
  },
  {
    name: 'a slot may have two runs',
    file: 'migrations/0005_queue_and_jobs.ts',
    guard: '      UNIQUE (connection_id, slot),\n',
    without: '',
    test: 'test/flows/engine-schedule.test.ts',
    changesSchema: true,
  },
  {
    name: "another company's connection is found",
    file: 'src/stores/connections.ts',
    guard: "    .where('connections.company_id', '=', companyId)\n    .where('connections.id', '=', id)",
    without: "    .where('connections.id', '=', id)",
    test: 'test/flows/api-isolation.test.ts',
  },
  {
    name: 'an error is logged as it is',
    file: 'src/observability/logger.ts',
    guard: 'err: serializeError, error: serializeError',
    without: 'err: (raw: object) => ({ ...raw }), error: (raw: object) => ({ ...raw })',
    test: 'test/http/request-log.test.ts',
  },
  {
    name: 'a former document is not looked for before its deletion',
    file: 'src/services/removal.ts',
    guard: '    if (settled) return settled\n',
    without: '',
    test: 'test/flows/engine-regressions.test.ts',
  },
  {
    name: 'the deletion of a record in conflict asks nobody',
    file: 'src/services/records.ts',
    guard: ' || isHeld || record.formerDocument !== null\n',
    without: ' || isHeld\n',
    test: 'test/flows/engine-regressions.test.ts',
  },
  {
    name: 'a settled call is shown as uncertain',
    file: 'src/services/writes.ts',
    guard: '      if (!(await lockBatch(tx, batch.id))) return false\n',
    without: '',
    test: takeover,
  },
  {
    name: 'a settled call is sent again',
    file: 'src/services/uncertain.ts',
    guard: 'if (!open || open.negativeLookups !== batch.negativeLookups) throw new Overtaken()\n',
    without: '',
    test: takeover,
  },
  {
    name: 'bills are known by their number',
    file: marker,
    guard: "if (posted.kind === 'bill') return { field: 'url', value: posted.url }",
    without: "if (posted.kind === 'bill') return { field: 'number', value: posted.number }",
    test: bills,
  },
  {
    name: 'a bill that was sent before is looked for under its present number',
    file: marker,
    guard: "const named = field === 'url' ? { number: nameOf(former) } : {}",
    without: 'const named = {}',
    test: bills,
  },
  {
    name: 'a bill that is not among the changes is taken as absent',
    file: 'src/accounting/xero/kinds.ts',
    guard: "({ kind, number }) => kind === 'sale' && number !== undefined",
    without: '({ number }) => number !== undefined',
    test: finding,
  },
  {
    name: 'the first page of a look-up is taken for all of it',
    file: 'src/accounting/xero/find.ts',
    guard: 'if (answered === null || !isWhole) return',
    without: 'if (answered === null) return',
    test: finding,
  },
  {
    name: 'a worker that lost the job gives documents back to it',
    file: 'src/services/settlement.ts',
    guard: '(await holdsLease(tx, context.job.id, context.job.epoch)) && batch.jobId',
    without: 'batch.jobId',
    test: takeover,
  },
  {
    name: 'a document waits for what no write call will tell',
    file: 'src/services/export-posting.ts',
    guard: 'named.some(isHeld) && (await openBatches(db, companyId, connectionId)).length > 0',
    without: 'named.some(isHeld)',
    test: 'test/flows/engine-regressions.test.ts',
  },
  {
    name: 'a look-up that begins anew whenever it is stopped',
    file: 'src/services/uncertain.ts',
    guard: 'if (seen.calls > 0) {',
    without: 'if (seen.calls < 0) {',
    test: narrowLimit,
  },
  {
    name: 'what was seen before a call was sent again is believed',
    file: 'src/services/uncertain.ts',
    guard: 'lastSentAt, negativeLookups: 0, lookUp: null }',
    without: 'lastSentAt, negativeLookups: 0 }',
    test: uncertain,
  },
  {
    name: 'the second look-up is the first one',
    file: 'src/services/uncertain.ts',
    guard: '{ negativeLookups: 1, lookUp: null, dueAt }',
    without: '{ negativeLookups: 1, dueAt }',
    test: uncertain,
  },
  {
    name: 'former documents are settled only all at once',
    file: 'src/services/former-documents.ts',
    guard: 'if (lookedAt.length > 0) {',
    without: 'if (hindrance === null) {',
    test: narrowLimit,
  },
  {
    name: 'taken numbers that were looked up are asked for again',
    file: 'src/services/writes.ts',
    guard: 'unseen.includes(element.marker)',
    without: 'unseen.length > 0',
    test: 'test/flows/engine-duplicates.test.ts',
  },
  {
    name: 'a sweep that begins anew whenever it is stopped',
    file: 'src/services/sweep.ts',
    guard: '{ dueAt: now(), page: nextPage }',
    without: '{ dueAt: now(), page: 1 }',
    test: narrowLimit,
  },
  {
    name: 'a look-up of before the backup is believed',
    file: 'src/stores/restored.ts',
    guard: '.set({ negative_lookups: 0, look_up: null })',
    without: '.set({ due_at: sql`due_at` } as never)',
    test: 'test/flows/restored.test.ts',
  },
  {
    name: 'an organisation for every company',
    file: 'src/stores/connections.ts',
    guard: '(self && isLive(self)) ? undefined : others[0])',
    without: '(self && isLive(self)) ? undefined : undefined)',
    test: 'test/flows/api-reconnect.test.ts',
  },
  {
    name: 'every key may share an organisation',
    file: 'src/http/routes/connections.ts',
    guard: 'principal?.companyId === null) return allowShared',
    without: 'principal?.companyId !== undefined) return allowShared',
    test: 'test/flows/api-reconnect.test.ts',
  },
  {
    name: 'a consent link that opens again',
    file: 'src/stores/connect-sessions.ts',
    guard: ".where('state_hash', 'is', null)",
    without: ".where('claimed_at', 'is', null)",
    test: 'test/flows/api-consent.test.ts',
  },
  {
    name: 'a link that is used up in advance',
    file: 'src/http/routes/connect.ts',
    guard: 'if (isInAdvance(request))',
    without: 'if (isInAdvance(request) && false)',
    test: 'test/flows/api-consent.test.ts',
  },
  {
    name: 'a schedule that never reads everything',
    file: 'src/domain/schedule.ts',
    guard: ">= fullEvery * day - shiftMilliseconds ? 'full'",
    without: ">= fullEvery * day - shiftMilliseconds ? 'incremental'",
    test: 'test/flows/engine-schedule.test.ts',
  },
  {
    name: 'one connection is swept a minute',
    file: 'src/house.ts',
    guard: 'while (!state.draining && (await sweep()));',
    without: 'await sweep()',
    test: 'test/flows/restored.test.ts',
  },
  {
    name: 'unknown fields fill the list of faults',
    file: 'src/domain/schema-faults.ts',
    guard: 'const unknown = unknownFields(schema, value, faultsPerValue)',
    without: 'const unknown = { ...unknownFields(schema, value, 0), rest: value, count: 0 }',
    test: 'test/flows/api-unknown-fields.test.ts',
  },
  {
    name: 'a bulk answer tells every fault of every element',
    file: 'src/services/records.ts',
    guard: 'Math.max(1, Math.min(faultsPerValue, untold))',
    without: 'faultsPerValue',
    test: 'test/flows/api-unknown-fields.test.ts',
  },
  {
    name: 'a price of many decimals is rounded before it is multiplied',
    file: 'src/domain/posting/exact-lines.ts',
    guard: 'if (compare(net, ofXero) === 0) return rounded',
    without: 'if (compare(net, ofXero) === 0 || net !== ofXero) return rounded',
    test: 'test/property/posting.test.ts',
  },
  {
    name: 'a discount is forgotten in one unit of the net',
    file: 'src/domain/posting/totals.ts',
    guard: 'afterDiscount(multiply(line.quantity, line.unitAmount), line.discountRate)',
    without: 'afterDiscount(multiply(line.quantity, line.unitAmount), undefined)',
    test: 'test/unit/exact-lines.test.ts',
  },
  {
    name: "the customer's tax code is passed over",
    file: 'src/domain/posting/document-lines.ts',
    guard: 'if (contactTaxCode !== undefined) {',
    without: 'if (contactTaxCode === null) {',
    test: 'test/unit/post-invoice-lines.test.ts',
  },
  {
    name: "the contact's tax code does not reach the desk",
    file: 'src/services/export-posting.ts',
    guard: "contactTaxCode: type === 'invoice' ? contact?.salesTaxCode : contact?.purchaseTaxCode,",
    without: 'contactTaxCode: undefined,',
    test: 'test/flows/engine-money.test.ts',
  },
  {
    name: 'half of an emoji at the cut',
    file: 'src/lib/text.ts',
    guard: 'containing(maxLength)?.index ?? 0',
    without: 'containing(maxLength)?.index && maxLength',
    test: 'test/unit/lib.test.ts',
  },
  {
    name: 'a document moved before the cut-over says nothing',
    file: 'src/services/export-posting.ts',
    guard: "return { kind: 'excluded', error: syncError('kept_as_sent', { cause }) }",
    without: "return { kind: 'excluded', error: cause ? null : syncError('kept_as_sent') }",
    test: 'test/flows/engine-money.test.ts',
  },
  {
    name: 'one read is enough to delete items',
    file: 'src/services/import-vanished.ts',
    guard: 'const belief = missing === 0 ? null :',
    without: 'const belief = missing >= 0 ? null :',
    test: absence,
  },
  {
    name: 'many items may vanish within one job',
    file: 'src/services/import-vanished.ts',
    guard: 'isDoubtful ? from(now, -confirmAfterMs) : now',
    without: 'isDoubtful ? from(now, 0) : now',
    test: absence,
  },
  {
    name: 'rows without an id stand for nothing',
    file: 'src/services/import-vanished.ts',
    guard: ' || rowsWithoutId >= missing)',
    without: ')',
    test: absence,
  },
  {
    name: 'an odd row is not there',
    file: 'src/services/import.ts',
    guard: "await touchRemoteEntities(tx, { companyId, connectionId, list: 'items', sweep }, present)",
    without: '',
    test: absence,
  },
  {
    name: 'a restored organisation deletes all items',
    file: 'src/stores/missing-entities.ts',
    guard: '(NOT ${isDoubtful}::boolean OR',
    without: '(${isDoubtful}::boolean OR true OR',
    test: absence,
  },
  {
    name: 'batches are not cut by bytes',
    file: 'src/services/write-sizes.ts',
    guard: 'if (bytesOf(chunk) <= requestBytesAtMost) {',
    without: 'if (bytesOf(chunk) > 0) {',
    test: oddAnswers,
  },
  {
    name: "a gateway's 4xx is a refusal",
    file: 'src/accounting/xero/errors.ts',
    guard: 'f.status >= 400 && f.status < 500 && f.isXeros,',
    without: 'f.status >= 400 && f.status < 500,',
    test: 'test/xero/verdicts.test.ts',
  },
  {
    name: "a gateway's 404 is an absence",
    file: 'src/accounting/xero/errors.ts',
    guard: '(f.status === 404 || f.status === 410) && (f.isXeros || f.isEmpty)',
    without: '(f.status === 404 || f.status === 410)',
    test: 'test/xero/verdicts.test.ts',
  },
  {
    name: 'a refused look-up is asked without end',
    file: 'src/services/look-up.ts',
    guard: "result.kind === 'refused' && result.error.code !== 'not_permitted'",
    without: 'false',
    test: oddAnswers,
  },
  {
    name: 'a short page is the last one',
    file: 'src/accounting/xero/pages.ts',
    guard: 'length === 0 || pageCountOf(answer) === page ? null',
    without: 'length < 2 || pageCountOf(answer) === page ? null',
    test: 'test/xero/reading.test.ts',
  },
  {
    name: 'one faulty record ends the job',
    file: 'src/services/export-culprits.ts',
    guard: 'if (culprits.length === 0) throw failure',
    without: 'if (culprits.length >= 0) throw failure',
    test: oddAnswers,
  },
]
