-- The months in which a table has price points, oldest first.
-- params: points (text)
-- row: _Month (month: its first day, UTC)
select month
from cloudgpus.price_points_months(%(points)s::text::regclass) as month;
