-- Store an editor's verdict on a disagreement and its present figures; a later verdict replaces it.
-- params: id (bigint), verdict (text: ours, theirs, both or neither), judged_by (text), judged_at (timestamptz), reason (text)
-- row: _Judged
update cloudgpus.disagreements as entry
set
    state = 'judged',
    verdict = %(verdict)s,
    judged_by = %(judged_by)s,
    judged_at = %(judged_at)s,
    reason = %(reason)s,
    judged_price_per_gpu_hour = entry.price_per_gpu_hour,
    judged_reading_price_per_gpu_hour = entry.reading_price_per_gpu_hour
from cloudgpus.providers as provider, cloudgpus.gpu_models as gpu
where provider.id = entry.provider_id
    and gpu.id = entry.gpu_model_id
    and entry.id = %(id)s
    and entry.state <> 'settled'
returning provider.slug as provider, gpu.slug as gpu_slug;
