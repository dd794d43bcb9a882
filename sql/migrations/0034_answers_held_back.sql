-- A whole answer, with far more or far fewer offers than stood, is held back as an offer is: under no instance type.

comment on table cloudgpus.quarantine is
    'What of answers is not published, single offers and whole answers: the last good price stands, with its date, until a '
    'second answer agrees or an editor decides';
comment on column cloudgpus.quarantine.instance_type is 'Empty: the whole answer';
comment on column cloudgpus.quarantine.prices is
    'US dollars per GPU-hour by price column, as held back; of a whole answer the number of its "offers"; empty where there is '
    'nothing that could be let through';
comment on column cloudgpus.quarantine.state is
    'waiting; released: published from the next answer on that has these prices, or is the next with about as many offers; '
    'rejected: an editor holds it back while it has them; withdrawn: the answer has others now, or the offer no more';

insert into cloudgpus.schema_migrations (id) values ('0034_answers_held_back');
