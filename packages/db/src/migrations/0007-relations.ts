import { sql, type Kysely } from 'kysely';

/** A relation is kept with the later event, and shown with both. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql.raw(V_RELATED).execute(db);
}

const V_RELATED = `create or replace view v_related as
  select f.id as event_id, r.id as related_id,
    (row_number() over (partition by f.id order by r.score desc, r.apart, r.id) - 1)::smallint as ordinal,
    r.score, r.evidence, r.day as related_day, r.text as related_text
  from event f cross join lateral (
    select t.id, x.score, x.evidence, t.day, t.text, abs(t.day - f.day) as apart
    from (
      select o.to_id as id, o.score, o.evidence from relation o where o.from_id = f.id
      union all
      select i.from_id, i.score, i.evidence from relation i
      where i.to_id = f.id and not exists (select from relation o where o.from_id = f.id and o.to_id = i.from_id)
    ) x join event t on t.id = x.id
    where t.state = 'stable' order by x.score desc, apart, t.id limit 10
  ) r
  where f.state = 'stable'`;
