/** Handlers that failed are to run again. */
export const version5After = `
  -- The handler is that of a response or, of a delivery that failed or is blocked, the one that is told so.
  alter table ringback_settled rename column response_due_at to handler_due_at;
  alter table ringback_settled add column handler_failures integer not null default 0;
`
