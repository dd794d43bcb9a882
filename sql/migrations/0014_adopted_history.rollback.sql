drop function cloudgpus.adopt_price_points(regclass, date);
drop function cloudgpus.price_points_months(regclass);

delete from cloudgpus.schema_migrations where id = '0014_adopted_history';
