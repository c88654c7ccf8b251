/** Why deliveries settled, and when times were set: a clock may be wrong, and is put right some day. */
export const version5 = `
  -- Where the attempts do not say it.
  alter table ringback_settled add column reason text;

  -- How long it waits from when its time was set on, and the time that its sender asked for: due at the later of both.
  alter table ringback_queue add column delay_ms integer not null default 0;
  alter table ringback_queue add column asked_at integer;
  update ringback_queue set asked_at = wanted_at;

  -- No attempt begins after this.
  alter table ringback_queue add column expires_at integer;
  create index ringback_queue_expires on ringback_queue (expires_at) where expires_at is not null and leased_at is null;

  -- When the pause was set.
  alter table ringback_destination add column paused_at integer not null default 0;
  alter table ringback_origin add column paused_at integer not null default 0;

  -- When signs_until was set.
  alter table ringback_secret add column ended_at integer;

  -- Whether somebody paused it, how many attempts may start there in a second, from when on the next may, and its last 2xx.
  alter table ringback_destination add column held_at integer;
  alter table ringback_destination add column held_reason text;
  alter table ringback_destination add column held_by text;
  alter table ringback_destination add column rate real;
  alter table ringback_destination add column next_start_at integer not null default 0;
  alter table ringback_destination add column last_success_at integer;

  -- One row: the latest time that was seen, and whether somebody paused all sending.
  create table ringback_engine (latest_at integer not null, held_at integer, held_reason text, held_by text) strict;
`
