/** Handlers that failed are to run again, and outages of destinations. */
export const version5After = `
  -- The handler is that of a response or, of a delivery that failed or is blocked, the one that is told so.
  alter table ringback_settled rename column response_due_at to handler_due_at;
  alter table ringback_settled add column handler_failures integer not null default 0;

  -- When the first attempt after the last 2xx failed, while something has waited since.
  alter table ringback_destination add column trouble_since integer;
  -- The same once it is an outage, until its end has been told.
  alter table ringback_destination add column outage_since integer;
  alter table ringback_destination add column outage_ended_at integer;
  -- Whether its beginning has been told: what is told next is its end.
  alter table ringback_destination add column outage_told integer not null default 0;
  alter table ringback_destination add column outage_due_at integer;
  alter table ringback_destination add column outage_failures integer not null default 0;
  create index ringback_destination_trouble on ringback_destination (trouble_since)
    where trouble_since is not null and outage_since is null;
  create index ringback_destination_outage on ringback_destination (outage_due_at) where outage_due_at is not null;
`
