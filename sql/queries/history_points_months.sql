-- The months that a table of price points has something in, oldest first.
-- params: points (text)
-- row: _Month (month: its first day, at UTC)
select month
from cloudgpus.price_points_months(%(points)s::text::regclass) as month;
