/** Lanes of origins. Published: it is never changed. */
export const version2 = `
  -- Origins from before lanes are taken to answer.
  alter table ringback_origin add column lane text not null default 'known';
  alter table ringback_origin add column group_name text not null default '';
  -- Whether its group had few new origins when it came.
  alter table ringback_origin add column of_few integer not null default 0;
  -- Of a new origin that is ready.
  alter table ringback_origin add column turn integer;
  drop index ringback_origin_ready;
  create index ringback_origin_ready on ringback_origin (lane, ready_at, number)
    where ready_at is not null and turn is null;
  create index ringback_origin_turn on ringback_origin (turn, number desc) where turn is not null;
  create index ringback_origin_turn_of_few on ringback_origin (turn, number desc) where turn is not null and of_few = 1;
  create index ringback_origin_group on ringback_origin (group_name, turn) where lane = 'new';
`
