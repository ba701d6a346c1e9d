-- Words for comparing: lower case, accents taken off, one blank where anything else than letters and digits stands.
-- @text: Any text.
create macro plain_words(text) as
    trim(regexp_replace(lower(strip_accents(text)), '[^\p{L}\p{N}]+', ' ', 'g'))
