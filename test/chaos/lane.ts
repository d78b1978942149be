// A lane plays one schedule after the other on a PostgreSQL of its own, with a fresh database for each.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { migrateToLatest } from '../../src/db/migrate.ts'
import { openDatabase } from '../../src/db/open.ts'
import { type Cluster, findBinaries, startCluster } from '../support/postgres-cluster.ts'
import { createDatabase } from '../support/server.ts'
import { type FastTime, sqlOfTime } from './time.ts'

const template = 'chaos_template'

/** What no statement of the service says by itself: who took whose job over, and a link that was moved (I4). */
const witnesses = (time: FastTime): string => `
  CREATE SCHEMA chaos;
  ${sqlOfTime(time)};
  CREATE TABLE chaos.takeovers (job_id uuid, from_owner text, to_owner text, at timestamptz);
  CREATE FUNCTION chaos.note_takeover() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    INSERT INTO chaos.takeovers VALUES (NEW.id, OLD.lease_owner, NEW.lease_owner, chaos.clock_timestamp()); RETURN NEW; END $$;
  CREATE TRIGGER takeover AFTER UPDATE ON sync_jobs FOR EACH ROW
    WHEN (OLD.lease_owner IS NOT NULL AND NEW.epoch <> OLD.epoch) EXECUTE FUNCTION chaos.note_takeover();
  CREATE TABLE chaos.moved_links (record_id text, old_remote_id text, new_remote_id text);
  CREATE FUNCTION chaos.note_moved_link() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    INSERT INTO chaos.moved_links VALUES (OLD.record_id, OLD.remote_id, NEW.remote_id); RETURN NEW; END $$;
  CREATE TRIGGER moved BEFORE UPDATE ON links FOR EACH ROW WHEN (OLD.remote_id <> NEW.remote_id)
    EXECUTE FUNCTION chaos.note_moved_link()`

export interface Lane {
  readonly time: FastTime
  readonly cluster: Cluster
  /** Where Node keeps compiled code, so that a replica starts sooner. */
  readonly cache: string
  freshDatabase(name: string): Promise<string>
  dropDatabase(name: string): Promise<void>
  close(): void
}

async function run(url: string, statements: string): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  await client.query(statements).finally(() => client.end())
}

/** Null where there is no PostgreSQL. */
export async function openLane(speed: number): Promise<Lane | null> {
  const binaries = findBinaries()
  const cluster = binaries ? await startCluster(binaries, { durable: true }) : null
  if (!cluster) return null
  const time = { startedAt: Date.now(), speed }
  const url = await createDatabase(cluster.url, template)
  const database = await openDatabase({ kind: 'postgres', url, poolSize: 2 })
  await migrateToLatest(database.db)
  await database.close()
  await run(url, witnesses(time))
  const cache = mkdtempSync(join(tmpdir(), 'accounting-sync-chaos-'))
  return {
    time,
    cluster,
    cache,
    async freshDatabase(name) {
      const fresh = await createDatabase(cluster.url, name, template)
      // The schedule's time is found before PostgreSQL's own.
      await run(fresh, `ALTER DATABASE ${name} SET search_path = chaos, pg_catalog, public`)
      return fresh
    },
    dropDatabase: (name) => run(cluster.url, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`),
    close() {
      cluster.stop()
      rmSync(cache, { recursive: true, force: true })
    },
  }
}
