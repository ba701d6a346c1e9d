-- what load joins on: first source, copies, entities, claimants, happenings, stories, topics, remarks
select
    (select source_uri from documents where document_id = 'doc_wire') as first_source,
    (select copy_group_id from documents where document_id = 'doc_live') as whole_page,
    (select entity_id from mentions where mention_id = 'men_led_moscow') as moscow,
    (select speaker_entity_id from quotes where quote_id = 'quo_denial') as denies,
    (select remark_id from quotes where quote_id = 'quo_rep_34') as remark,
    (select claimant_entity_id from events where event_id = 'evt_threat') as aide_is_no_entity,
    (select claimant_entity_id from events where event_id = 'evt_accused') as director_claims,
    (select happening_id from events where event_id = 'evt_live') as happening,
    (select story_id from events where event_id = 'evt_live') as story_of_first_post,
    (select story_id from events where event_id = 'evt_help') as story_of_second_post,
    (select story_id from events where event_id = 'evt_threat') as story_of_whole_article,
    (select entity_id from event_roles where event_id = 'evt_wire' and role = 'place') as struck_place,
    (select claimant_entity_id from figures where figure_id = 'fig_40') as claims_40,
    (select topic_id from figures where figure_id = 'fig_40') as topic,
    (select n_hits from rules where rule_id = 'clean.promo') as promo_lines
