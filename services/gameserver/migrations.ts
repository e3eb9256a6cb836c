/** The schema, one step an entry. Only append: what has run somewhere never changes. */
export const MIGRATIONS: readonly string[] = [
  `CREATE TABLE sector_visits (
     sector int PRIMARY KEY,
     visits bigint NOT NULL DEFAULT 0,
     last_visit timestamptz NOT NULL DEFAULT now()
   );
   CREATE TABLE jobs (
     id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
     payload jsonb NOT NULL,
     state text NOT NULL DEFAULT 'queued' CHECK (state IN ('queued', 'done')),
     result jsonb,
     created_at timestamptz NOT NULL DEFAULT now(),
     finished_at timestamptz
   );
   -- Used by the Nexus only: every region that has ever reported.
   CREATE TABLE known_regions (
     name text PRIMARY KEY,
     owner text,
     max_players int,
     version text,
     first_seen timestamptz NOT NULL DEFAULT now(),
     last_seen timestamptz NOT NULL DEFAULT now()
   );`,
];
