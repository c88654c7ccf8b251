/**
 * Rows with content are emptied where they stand, and removed later: see `removal/dead-rows.ts`. Attempts stand in the order in
 * which they ended, so that none is ever moved to make room for another.
 */
export const version5Files = `
  alter table ringback_attempt rename to ringback_attempt_of_4;
  create table ringback_attempt (
    row integer primary key,
    -- Null in an empty row.
    delivery integer,
    number integer not null,
    started_at integer not null,
    finished_at integer not null,
    outcome text not null,
    status integer,
    headers text,
    body blob,
    body_truncated integer,
    address text,
    error text
  ) strict;
  insert into ringback_attempt (delivery, number, started_at, finished_at, outcome, status, headers, body, body_truncated,
    address, error)
    select delivery, number, started_at, finished_at, outcome, status, headers, body, body_truncated, address, error
    from ringback_attempt_of_4 order by delivery, number;
  drop table ringback_attempt_of_4;
  create unique index ringback_attempt_of on ringback_attempt (delivery, number) where delivery is not null;
  create index ringback_attempt_empty on ringback_attempt (row) where delivery is null;
  create index ringback_message_empty on ringback_message (number) where deliveries = 0;
  create index ringback_delivery_empty on ringback_delivery (number) where destination = 0;

  -- What is to be replayed, and how far that got.
  create table ringback_replay (
    id text primary key,
    filter text not null,
    new_id integer not null,
    position integer not null,
    -- The number of the last delivery that there was.
    last integer not null,
    replayed integer not null default 0,
    without_bytes integer not null default 0,
    started_at integer not null,
    finished_at integer
  ) strict;
  create index ringback_replay_open on ringback_replay (started_at) where finished_at is null;
  create index ringback_replay_finished on ringback_replay (finished_at) where finished_at is not null;

  -- What happened in each hour since the epoch; the row of hour 0 has those that are no longer kept apart.
  create table ringback_hour (
    hour integer primary key,
    delivered integer not null,
    failed integer not null,
    blocked integer not null,
    cancelled integer not null,
    accepted integer not null,
    rejected integer not null,
    unreachable integer not null,
    timed_out integer not null,
    refused integer not null,
    abandoned integer not null,
    duration_ms integer not null,
    duration_0 integer not null,
    duration_1 integer not null,
    duration_2 integer not null,
    duration_3 integer not null,
    duration_4 integer not null,
    duration_5 integer not null,
    duration_6 integer not null,
    duration_7 integer not null,
    duration_8 integer not null,
    duration_9 integer not null,
    duration_10 integer not null
  ) strict;
  create table ringback_last_claim (row integer primary key, at integer not null) strict;
  create index ringback_destination_troubled on ringback_destination (state) where state <> 'closed';
`
