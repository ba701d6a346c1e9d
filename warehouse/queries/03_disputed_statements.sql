-- Question: Which statements does somebody deny, and who?
-- Why: A claim and its denial belong side by side.
-- How to read: claim is the disputed statement, denial the one against it; neither is judged.
select
    claim.speaker as claimed_by,
    claim.quote_text as claim,
    claim.published_date as claim_published,
    denial.speaker as denied_by,
    denial.quote_text as denial,
    denial.published_date as denial_published,
    claim.evidence_text as claim_evidence,
    denial.evidence_text as denial_evidence
from disputes d
join who_said_what denial
    on denial.quote_id = d.quote_id
join who_said_what claim
    on claim.quote_id = d.other_quote_id
order by
    claim.published_date,
    d.dispute_id
