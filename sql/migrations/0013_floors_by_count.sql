-- Each provider's floor at each number of GPUs: prices are compared between machines of one size.

alter table cloudgpus.gpu_floors
    add column gpu_counts smallint[] not null default '{}',
    add column count_floors numeric[] not null default '{}',
    add constraint gpu_floors_counts check (cardinality(gpu_counts) = cardinality(count_floors));

comment on column cloudgpus.gpu_floors.gpu_counts is
    'The numbers of GPUs that it is sold in, ascending; 0: the size of the machine is not stated';
comment on column cloudgpus.gpu_floors.count_floors is 'The cheapest offer at each of gpu_counts, US dollars per GPU-hour';

-- Who sells what in which number does not follow from the prices.
drop trigger move_sellers_update on cloudgpus.gpu_floors;

create trigger move_sellers_update
    after update on cloudgpus.gpu_floors
    referencing old table as old_rows new table as new_rows
    for each statement execute function cloudgpus.note_moved_slices('{floor,count_floors}', $sql$
                select 'sellers'
                union all
                select distinct 'offers_by_provider:' || reseller.slug
                from cloudgpus.providers as cloud
                inner join cloudgpus.instances as offer on offer.upstream = cloud.slug
                inner join cloudgpus.providers as reseller on reseller.id = offer.provider_id
                where cloud.id = changed.provider_id
                    and offer.gpu_model_id = changed.gpu_model_id
            $sql$);

insert into cloudgpus.moved_slices (slice) values ('everything');

insert into cloudgpus.schema_migrations (id) values ('0013_floors_by_count');
