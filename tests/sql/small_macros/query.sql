select
    span_text('naïve🙂x', 2, 6) as span,
    plain_words('  Dzhakeli’s “Żółw”, 2nd! ') as words,
    has_words('Big drones flew', 'DRONE big') as found_by_beginning,
    has_words('worship', 'ship') as not_in_the_middle,
    has_words('drones', 'drones drone') as one_word_begins_two,
    has_words('anything', ' ') as no_words,
    has_words(null, 'x') as no_text
