-- Insert a month's price points into price history, as segments.
-- params: points (text), month (date)
-- row: _Adopted (segments: how many)
select cloudgpus.adopt_price_points(%(points)s::text::regclass, %(month)s::date) as segments;
