-- One row an address with the locality that it lies in: the council's name for a group of postcode districts, else the
-- district itself. An address of no known district has none. One without a first day counts from the first day that a
-- delivery may name. The dataset has no code list for kinds of address: every kind counts.
select
    address.child_key,
    address.address_id,
    coalesce(address.started_on, date '1900-01-01') as from_on,
    address.ended_on as to_on,
    coalesce(locality.locality, address.postcode_district) as locality
from {{ ref('stg_ssd_address') }} as address
left join {{ ref('stg_framework_locality') }} as locality on address.postcode_district = locality.district
