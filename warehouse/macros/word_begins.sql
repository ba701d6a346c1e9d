-- Does a word of the text begin with these plain words (see plain_words)? True for an empty one, NULL for no text.
-- @text: The text to look in.
-- @plain: A plain word, or several that must follow each other.
create macro word_begins(text, plain) as
    plain = ''
    or (
        -- cheaper than the pattern, and false for most texts
        contains(lower(strip_accents(text)), split_part(plain, ' ', 1))
        and regexp_matches(lower(strip_accents(text)), '(^|[^\p{L}\p{N}])' || replace(plain, ' ', '[^\p{L}\p{N}]+'))
    )
