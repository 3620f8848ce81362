-- Two versions of the index behind one view, on the bad one at first, and a table whose writer can be frozen.
set client_min_messages = warning;
create table if not exists docs_va (id int primary key, body text, index_hash text default 'hash-a');
create table if not exists docs_vb (id int primary key, body text, index_hash text default 'hash-b');
insert into docs_va select i, 'va ' || i from generate_series(1, 100) i on conflict do nothing;
insert into docs_vb select i, 'vb ' || i from generate_series(1, 120) i on conflict do nothing;
create table if not exists receipts (key text primary key, at timestamptz default now());
do $$
begin
  if to_regclass('docs_live') is null then
    create view docs_live as select * from docs_vb;
  end if;
  -- Only at first: a second start must not thaw a writer that was frozen.
  if not exists (select from pg_roles where rolname = 'writer') then
    create role writer login password 'writerpass';
    grant select, insert on receipts to writer;
    grant select on docs_live to writer;
  end if;
end
$$;
