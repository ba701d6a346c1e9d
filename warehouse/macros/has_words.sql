-- Does the text have all the words? Case and accents do not matter; a word is found where one begins with it,
-- so that 'drone' finds 'drones'. From the ninth on, words must follow each other. False for no words, NULL for no text.
-- @text: The text to look in.
-- @words: The words, parted by blanks.
create macro has_words(text, words) as
    plain_words(words) <> ''
    and word_begins(text, split_part(plain_words(words), ' ', 1))
    and word_begins(text, split_part(plain_words(words), ' ', 2))
    and word_begins(text, split_part(plain_words(words), ' ', 3))
    and word_begins(text, split_part(plain_words(words), ' ', 4))
    and word_begins(text, split_part(plain_words(words), ' ', 5))
    and word_begins(text, split_part(plain_words(words), ' ', 6))
    and word_begins(text, split_part(plain_words(words), ' ', 7))
    and word_begins(text, split_part(plain_words(words), ' ', 8))
    and word_begins(text, regexp_replace(plain_words(words), '^([^ ]+ ?){1,8}', ''))
