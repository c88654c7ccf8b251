/** Recipients with destinations and secrets of their own, keys, and what is held. Published: it is never changed. */
export const version3 = `
  -- A destination is recipient and URL together, empty where nobody named one.
  create table ringback_destination_of_recipient (
    number integer primary key,
    origin integer not null,
    url text not null,
    recipient text not null default '',
    deliveries integer not null default 0,
    ready_at integer,
    state text not null default 'closed',
    failures integer not null default 0,
    failing_since integer not null default 0,
    pause_ms integer not null default 0,
    paused_until integer not null default 0,
    probe text,
    unique (origin, url, recipient)
  ) strict;
  insert into ringback_destination_of_recipient (number, origin, url, deliveries, ready_at, state, failures,
    failing_since, pause_ms, paused_until, probe)
    select number, origin, url, deliveries, ready_at, state, failures, failing_since, pause_ms, paused_until, probe
    from ringback_destination;
  drop table ringback_destination;
  alter table ringback_destination_of_recipient rename to ringback_destination;
  create index ringback_destination_ready on ringback_destination (origin, ready_at, number) where ready_at is not null;

  -- What was sent for a recipient gets a destination of its own, as what is sent for it from now on has.
  insert into ringback_destination (origin, url, recipient, deliveries, ready_at, state, failures, failing_since,
    pause_ms, paused_until)
    select p.origin, p.url, j.recipient, count(*), p.ready_at, p.state, p.failures, p.failing_since, p.pause_ms,
      p.paused_until
    from ringback_job j join ringback_delivery d on d.number = j.delivery
      join ringback_destination p on p.number = d.destination
    where j.recipient != p.url group by p.number, j.recipient;
  update ringback_delivery as d set destination = own.number
    from ringback_job j, ringback_destination p, ringback_destination own
    where j.delivery = d.number and p.number = d.destination and j.recipient != p.url
      and own.origin = p.origin and own.url = p.url and own.recipient = j.recipient;
  update ringback_destination as p set deliveries = p.deliveries - own.moved
    from (select origin, url, sum(deliveries) as moved from ringback_destination where recipient != ''
      group by origin, url) as own
    where p.origin = own.origin and p.url = own.url and p.recipient = '';
  delete from ringback_destination where deliveries = 0;
  update ringback_delivery as d set behind = 0
    where behind = 1 and not exists (
      select 1 from ringback_delivery o where o.destination = d.destination and o.ordering_key = d.ordering_key
        and o.state in ('scheduled', 'attempting') and (o.behind = 0 or o.number < d.number)
    );
  alter table ringback_job drop column recipient;

  -- What ends the webhook-id; null where it is that of the URL as it stands.
  alter table ringback_delivery add column destination_hash text;

  -- The versions of recipients' secrets, which are derived: 1 for whoever has none here.
  create table ringback_secret (
    recipient text not null,
    version integer not null,
    -- Null for the newest.
    signs_until integer,
    primary key (recipient, version)
  ) strict, without rowid;

  -- The master secrets that were used with this store, by their ids.
  create table ringback_key (id text primary key) strict, without rowid;

  -- The requests that may still take it back.
  alter table ringback_delivery add column holders integer not null default 0;
`
