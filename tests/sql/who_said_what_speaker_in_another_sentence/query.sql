-- cue and speaker stand before the sentence in which the content starts: both sentences are the evidence
select
    speaker,
    cue,
    quote_text,
    evidence_text
from who_said_what
