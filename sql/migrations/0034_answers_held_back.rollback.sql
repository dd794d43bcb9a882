delete from cloudgpus.quarantine where instance_type = '';

comment on table cloudgpus.quarantine is
    'Offers in answers that are not published: the last good price stands, with its date, until a second answer agrees or an '
    'editor decides';
comment on column cloudgpus.quarantine.instance_type is null;
comment on column cloudgpus.quarantine.prices is
    'US dollars per GPU-hour by price column, as held back; empty where there is nothing that could be let through';
comment on column cloudgpus.quarantine.state is
    'waiting; released: published from the next answer on that has these prices; rejected: an editor holds it back while it '
    'has these prices; withdrawn: the answer has another price now, or the offer no more';

delete from cloudgpus.schema_migrations where id = '0034_answers_held_back';
