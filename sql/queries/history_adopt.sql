-- Brings the points of a month into price history, as segments.
-- params: points (text), month (date)
-- row: _Adopted (segments: how many came)
select cloudgpus.adopt_price_points(%(points)s::text::regclass, %(month)s::date) as segments;
