// Records of the product of which there is something to say beside their counterparts in Xero, told from what is stored: the record,
// its link, the mirror.
import { sql } from 'kysely'
import type { Db } from '../db/tables.ts'
import type { EntityRecordType } from '../domain/entity-types.ts'
import type { FoundRecord } from '../domain/record-finding.ts'
import type { PageRequest } from '../lib/page.ts'

/** Fields that Xero keeps of an item only while it is sold, or purchased. */
const sideFields = sql`('isSold', 'salePrice'), ('isSold', 'incomeAccount'), ('isSold', 'salesTaxCode'), ('isSold', 'description'),
  ('isPurchased', 'purchasePrice'), ('isPurchased', 'expenseAccount'), ('isPurchased', 'purchaseTaxCode'),
  ('isPurchased', 'purchaseDescription')`

/** A person by the name, one without a name by the address. */
const personName = sql`coalesce(nullif(concat_ws(' ', person->>'firstName', person->>'lastName'), ''), person->>'email')`

/**
 * Names of the persons that the record says and the contact has not, and of those that it has and the record took away. An edit that is
 * kept from the record is neither.
 */
const heldPersons = sql`
  SELECT ${personName} FROM jsonb_array_elements(r.body->'contactPersons') AS said (person)
  WHERE NOT coalesce(e.fields->'contactPersons', '[]'::jsonb) @> jsonb_build_array(person)
    AND NOT EXISTS (SELECT 1 FROM jsonb_each(l.untaken) AS edit WHERE edit.value->'said' = person)
  UNION
  SELECT ${personName} FROM jsonb_each(l.agreed) AS known (key, person)
  WHERE key LIKE 'contactPersons/%' AND e.fields->'contactPersons' @> jsonb_build_array(person)
    AND NOT EXISTS (SELECT 1 FROM jsonb_array_elements(r.body->'contactPersons') AS one WHERE one.value <@ person OR one.value @> person)
    AND NOT EXISTS (SELECT 1 FROM jsonb_each(l.untaken) AS edit WHERE edit.value->'there' = person)`

/**
 * Rows of at most `limit`, after the place of the page. A code counts as changed in Xero only while the product has no
 * change of its own waiting; one that was shortened for Xero counts as changed too, which is for the caller to judge.
 * `importing`: types of which what is new in Xero becomes records.
 */
export async function findFoundRecords(
  db: Db,
  companyId: string,
  connectionId: string,
  { limit, after, importing }: PageRequest & { readonly importing: readonly EntityRecordType[] },
): Promise<FoundRecord[]> {
  const [afterId = '', afterCode = '', afterType = ''] = after ?? []
  const found = await sql<FoundRecord>`
    SELECT found.* FROM (
      SELECT told.code AS code, 'item' AS "recordType", item."recordId", item."recordName", item."xeroId", item."handedCode",
        item."codeInXero", '[]'::jsonb AS fields
      FROM (
        SELECT r.id AS "recordId", r.name AS "recordName", l.remote_id AS "xeroId", e.code AS "codeInXero",
          coalesce(r.handed->>'code', r.body->>'code') AS "handedCode",
          e.code = '~' || upper(left(encode(sha256(convert_to(l.remote_id, 'UTF8')), 'hex'), 16)) AS interim,
          e.fields->>'kind' = 'inventory' AS tracked,
          r.sync_state = 'synced' AND r.body->>'active' = 'false'
            AND 'true' IN (e.fields->>'isSold', e.fields->>'isPurchased') AS kept,
          l.agreed->>'code' = CASE WHEN l.untaken->'code'->>'said' = r.body->>'code' THEN l.untaken->'code'->>'there'
            ELSE r.body->>'code' END AS unchanged
        FROM records r
        JOIN links l ON l.connection_id = r.connection_id AND l.type = r.type AND l.record_id = r.id
        JOIN remote_entities e ON e.connection_id = r.connection_id AND e.list = 'items' AND e.remote_id = l.remote_id
        WHERE r.company_id = ${companyId} AND r.connection_id = ${connectionId}::uuid AND r.type = 'item' AND r.origin = 'product'
          AND r.deleted_at IS NULL AND r.id >= ${afterId}
      ) item
      CROSS JOIN LATERAL (VALUES
        ('item_interim_code', item.interim),
        ('item_renamed', item.unchanged AND NOT item.interim AND lower(item."codeInXero") <> lower(item."handedCode")),
        ('item_tracked', item.tracked),
        ('item_kept_active', item.kept)) AS told (code, holds)
      WHERE told.holds
      UNION ALL
      SELECT 'item_side_off', r.type, r.id, r.name, l.remote_id, r.name, e.code, off.fields
      FROM records r
      JOIN links l ON l.connection_id = r.connection_id AND l.type = r.type AND l.record_id = r.id
      JOIN remote_entities e ON e.connection_id = r.connection_id AND e.list = 'items' AND e.remote_id = l.remote_id
      CROSS JOIN LATERAL (
        SELECT jsonb_agg(side.field ORDER BY side.field) AS fields FROM (VALUES ${sideFields}) AS side (flag, field)
        WHERE e.fields->>side.flag = 'false' AND r.handed ? side.field AND NOT e.fields ? side.field
          AND r.handed->>side.flag IS DISTINCT FROM 'false'
      ) off
      WHERE r.company_id = ${companyId} AND r.connection_id = ${connectionId}::uuid AND r.type = 'item' AND r.origin = 'product'
        AND r.deleted_at IS NULL AND r.id >= ${afterId} AND r.sync_state = 'synced' AND r.body->>'active' IS DISTINCT FROM 'false'
        AND off.fields IS NOT NULL
      UNION ALL
      SELECT 'contact_kept_active', r.type, r.id, r.name, l.remote_id, r.name, e.name, '[]'::jsonb
      FROM records r
      JOIN links l ON l.connection_id = r.connection_id AND l.type = r.type AND l.record_id = r.id
      JOIN remote_entities e ON e.connection_id = r.connection_id AND e.list = 'contacts' AND e.remote_id = l.remote_id
      WHERE r.company_id = ${companyId} AND r.connection_id = ${connectionId}::uuid AND r.type IN ('customer', 'vendor')
        AND r.origin = 'product' AND r.deleted_at IS NULL AND r.id >= ${afterId} AND r.sync_state = 'synced'
        AND r.body->>'active' = 'false' AND NOT e.archived
      UNION ALL
      SELECT 'persons_left_out', r.type, r.id, r.name, l.remote_id, r.name, e.name, held.fields
      FROM records r
      JOIN links l ON l.connection_id = r.connection_id AND l.type = r.type AND l.record_id = r.id
      JOIN remote_entities e ON e.connection_id = r.connection_id AND e.list = 'contacts' AND e.remote_id = l.remote_id
      CROSS JOIN LATERAL (SELECT jsonb_agg(name ORDER BY name) AS fields FROM (${heldPersons}) AS persons (name)) held
      WHERE r.company_id = ${companyId} AND r.connection_id = ${connectionId}::uuid AND r.type IN ('customer', 'vendor')
        AND r.origin = 'product' AND r.deleted_at IS NULL AND r.id >= ${afterId} AND r.sync_state = 'synced'
        AND NOT e.archived AND NOT e.fields ? 'email' AND held.fields IS NOT NULL
      UNION ALL
      SELECT 'stays_in_xero', r.type, r.id, r.name, l.remote_id, r.name, r.name, kept.fields
      FROM records r
      JOIN links l ON l.connection_id = r.connection_id AND l.type = r.type AND l.record_id = r.id
      CROSS JOIN LATERAL (
        SELECT jsonb_agg(field ORDER BY field) AS fields FROM jsonb_array_elements_text(l.left_over) AS f (field)
        WHERE l.agreed ? field AND NOT coalesce(r.handed ? field, false)
      ) kept
      WHERE r.company_id = ${companyId} AND r.connection_id = ${connectionId}::uuid AND r.type IN ('item', 'customer', 'vendor')
        AND r.origin = 'product' AND r.deleted_at IS NULL AND r.id >= ${afterId} AND l.left_over IS NOT NULL
        AND kept.fields IS NOT NULL
      UNION ALL
      SELECT 'stays_in_xero', r.type, r.id, coalesce(r.name, r.id), l.remote_id, '', l.content->>'exchangeRate', '["exchangeRate"]'::jsonb
      FROM records r
      JOIN links l ON l.connection_id = r.connection_id AND l.type = r.type AND l.record_id = r.id
      WHERE r.company_id = ${companyId} AND r.connection_id = ${connectionId}::uuid AND r.type IN ('invoice', 'bill')
        AND r.deleted_at IS NULL AND r.id >= ${afterId} AND l.sent ? 'keptRate' AND NOT r.body ? 'exchangeRate'
        AND (l.sent->>'keptRate')::numeric = (l.content->>'exchangeRate')::numeric
        AND coalesce(l.status, '') NOT IN ('DELETED', 'VOIDED')
      UNION ALL
      SELECT 'id_in_use', r.type, r.id, r.name, e.remote_id, r.name, coalesce(e.code, e.name), '[]'::jsonb
      FROM records r
      JOIN remote_entities e ON e.connection_id = r.connection_id AND e.remote_id = r.id
        AND e.list = CASE r.type WHEN 'item' THEN 'items' ELSE 'contacts' END
      WHERE r.company_id = ${companyId} AND r.connection_id = ${connectionId}::uuid AND r.type = ANY (${importing}::text[])
        AND r.origin = 'product' AND r.deleted_at IS NULL AND NOT e.archived AND r.id >= ${afterId}
        AND (r.type <> 'customer' OR e.is_customer) AND (r.type <> 'vendor' OR e.is_vendor)
        AND NOT EXISTS (SELECT 1 FROM links l WHERE l.connection_id = r.connection_id AND l.type = r.type
          AND l.remote_id = e.remote_id)
    ) found
    WHERE (found."recordId", found.code, found."recordType") > (${afterId}, ${afterCode}, ${afterType})
    ORDER BY found."recordId", found.code, found."recordType"
    LIMIT ${limit}`.execute(db)
  return found.rows
}
