-- The tables of the SQLite file with all current offers; prices are US dollars before tax.
create table about (
    name text primary key,
    value text not null
) without rowid;

create table offers (
    gpu text not null,
    provider text not null,
    instance_type text not null,
    instance_name text,
    region text,
    regions text,
    gpu_count real,
    price_per_hour numeric,
    on_demand numeric,
    spot numeric,
    monthly numeric,
    reserved_1y numeric,
    reserved_3y numeric,
    currency text not null,
    original_price_per_hour numeric,
    price_basis text not null,
    ranked_as text,
    disputed_as text,
    ends text,
    upstream text,
    availability text,
    confirmed_on text not null,
    freshness text not null,
    is_recorded integer not null,
    evidence text
);
